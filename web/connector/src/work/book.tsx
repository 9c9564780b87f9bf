/** Whom one can call: people whom the CRM knows, and those of the house. */

import { type DeskStore, formatNumber, parseNumber } from "@cordboard/desk-store";
import { People, useDesk } from "@cordboard/desk-ui";
import { Avatar, Button, Field } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { useLink } from "../crm/context.ts";
import type { Direct } from "../crm/words.ts";
import { c } from "../texts/index.ts";

export function Book() {
  const [search, setSearch] = useState("");
  const { asking } = useDesk();
  const { crm, askDirectory } = useLink();
  const asks = crm.value.hasDirectory && crm.value.phase === "active";
  // Each time that it is opened the CRM is asked anew.
  useEffect(() => {
    if (asks) askDirectory();
  }, [asks, askDirectory]);
  return (
    <div class="book">
      <Field label={c().book.filter} value={search} onInput={setSearch} type="search" />
      {asks && <OfCrm search={search} />}
      <People search={search} onChoose={(to) => call(asking, to)} disabled={!asking.may("dial")} />
    </div>
  );
}

function call(asking: DeskStore["asking"], to: string): void {
  void asking.ask("agent", { verb: "dial", to, data: {} });
}

/** How many are drawn. */
const SHOWN_MAX = 100;

function OfCrm({ search }: { readonly search: string }) {
  const { crm, askDirectory } = useLink();
  const { directory, name } = crm.value;
  const { book } = c();
  const found = (directory?.entries ?? []).filter((entry) => fits(search, entry)).slice(0, SHOWN_MAX);
  return (
    <section aria-label={book.crm(name)}>
      <h3>{book.crm(name)}</h3>
      {directory === undefined && <p class="empty">{book.asking}</p>}
      {directory?.answered === false && <p class="empty">{book.silent}</p>}
      {directory?.answered && directory.entries.length === 0 && <p class="empty">{book.empty}</p>}
      <ul class="plain-list">
        {found.map((entry, index) => (
          // The CRM's ids may be missing, or stand more than once: the order is the only identity there is.
          <Entry key={index} entry={entry} />
        ))}
      </ul>
      {directory && <Button onPress={askDirectory}>{book.again}</Button>}
    </section>
  );
}

function Entry({ entry }: { readonly entry: Direct }) {
  const { asking } = useDesk();
  const name = entry.name ?? entry.email ?? entry.phone ?? "";
  const number = entry.phone === null ? undefined : parseNumber(entry.phone);
  return (
    <li>
      <button
        type="button"
        class="person"
        disabled={number === undefined || !asking.may("dial")}
        onClick={() => number && call(asking, number)}
      >
        <Avatar name={name} />
        <strong>{name}</strong>
        <span class="number">{number ? formatNumber(number) : (entry.phone ?? entry.email)}</span>
      </button>
    </li>
  );
}

function fits(search: string, { name, phone, email }: Direct): boolean {
  const wanted = search.trim().toLowerCase();
  return [name, phone, email].some((part) => (part ?? "").toLowerCase().includes(wanted));
}
