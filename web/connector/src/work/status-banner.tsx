/** Status of the connection to the server and to the CRM page. */

import type { DeskStore } from "@cordboard/desk-store";
import { switchesDown, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { useCrmLink } from "../crm/context.ts";
import type { Crm } from "../crm/crm.ts";
import { c } from "../texts/index.ts";
import { EmbeddingHelp } from "./embedding-help.tsx";

/** Current problems; empty if there are none. */
export function StatusBanner() {
  const lines = [...serverLines(useDesk()), ...crmLines(useCrmLink().crm.value)];
  return (
    <div class="banner" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function serverLines(desk: DeskStore): readonly string[] {
  const { agent, status } = desk.session;
  if (status.value.kind === "reconnecting") return [t().status.reconnecting];
  return agent.value ? switchesDown(desk).map(t().status.switchDown) : [t().status.connecting];
}

function crmLines({ phase }: Crm): readonly string[] {
  return phase === "active" || phase === "refused" ? [] : [c().phase[phase]];
}

/** The page for an embedding page that the floor does not list. */
export function Refused() {
  const { refused } = useCrmLink().crm.value;
  if (!refused) return null;
  return (
    <main class="place refused" aria-label={c().title}>
      <EmbeddingHelp origin={refused.origin} allowed={refused.allowed} />
      <a href="/connector/check" target="_blank" rel="noopener">
        {c().refused.check}
      </a>
    </main>
  );
}
