import { People, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Field } from "@cordboard/ui";
import { useState } from "preact/hooks";

export function Directory() {
  const { commands } = useDesk();
  const [search, setSearch] = useState("");
  return (
    <section class="page" aria-label={t().nav.directory}>
      <h2 class="unseen">{t().nav.directory}</h2>
      <Field label={t().people.search} value={search} onInput={setSearch} type="search" />
      <People
        search={search}
        onChoose={(to) => void commands.send("agent", { verb: "dial", to, data: {} })}
      />
    </section>
  );
}
