/** People to call: the directory of the CRM, colleagues, queues and contacts. */

import { type DeskStore, formatNumber, parseNumber } from "@cordboard/desk-store";
import { People, useDesk } from "@cordboard/desk-ui";
import { Avatar, Button, Field } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { useCrmLink } from "../crm/context.ts";
import type { DirectoryEntry } from "../crm/session-messages.ts";
import { c } from "../texts/index.ts";

export function PeoplePage() {
  const [search, setSearch] = useState("");
  const { commands } = useDesk();
  const { crm, requestDirectory } = useCrmLink();
  const hasDirectory = crm.value.hasDirectory && crm.value.phase === "active";
  // The CRM is asked each time the section is opened.
  useEffect(() => {
    if (hasDirectory) requestDirectory();
  }, [hasDirectory, requestDirectory]);
  return (
    <div class="people-page">
      <Field label={c().people.filter} value={search} onInput={setSearch} type="search" />
      {hasDirectory && <CrmPeople search={search} />}
      <People search={search} onChoose={(to) => call(commands, to)} disabled={!commands.isAllowed("dial")} />
    </div>
  );
}

function call(commands: DeskStore["commands"], to: string): void {
  void commands.send("agent", { verb: "dial", to, data: {} });
}

/** How many entries are shown. */
const SHOWN_MAX = 100;

function CrmPeople({ search }: { readonly search: string }) {
  const { crm, requestDirectory } = useCrmLink();
  const { directory, name } = crm.value;
  const { people } = c();
  const found = (directory?.entries ?? []).filter((entry) => matches(search, entry)).slice(0, SHOWN_MAX);
  return (
    <section aria-label={people.crm(name)}>
      <h3>{people.crm(name)}</h3>
      {directory === undefined && <p class="empty">{people.loading}</p>}
      {directory?.answered === false && <p class="empty">{people.noAnswer}</p>}
      {directory?.answered && directory.entries.length === 0 && <p class="empty">{people.empty}</p>}
      <ul class="plain-list">
        {found.map((entry, index) => (
          // IDs of the CRM may be missing or repeated, so the index is the key.
          <Entry key={index} entry={entry} />
        ))}
      </ul>
      {directory && <Button onPress={requestDirectory}>{people.retry}</Button>}
    </section>
  );
}

function Entry({ entry }: { readonly entry: DirectoryEntry }) {
  const { commands } = useDesk();
  const name = entry.name ?? entry.email ?? entry.phone ?? "";
  const number = entry.phone === null ? undefined : parseNumber(entry.phone);
  return (
    <li>
      <button
        type="button"
        class="person"
        disabled={number === undefined || !commands.isAllowed("dial")}
        onClick={() => number && call(commands, number)}
      >
        <Avatar name={name} />
        <strong>{name}</strong>
        <span class="number">{number ? formatNumber(number) : (entry.phone ?? entry.email)}</span>
      </button>
    </li>
  );
}

function matches(search: string, { name, phone, email }: DirectoryEntry): boolean {
  const wanted = search.trim().toLowerCase();
  return [name, phone, email].some((part) => (part ?? "").toLowerCase().includes(wanted));
}
