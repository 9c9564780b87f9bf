/** How the connector and the page around stand, in words. */

import type { DeskStore } from "@cordboard/desk-store";
import { switchesDown, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { useLink } from "../crm/context.ts";
import type { Crm } from "../crm/crm.ts";
import { c } from "../texts/index.ts";
import { Fix } from "./fix.tsx";

/** What is amiss at the moment; nothing when nothing is. */
export function Standing() {
  const lines = [...serverLines(useDesk()), ...crmLines(useLink().crm.value)];
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

/** Why the page around may not host the connector, and what to do. */
export function Refused() {
  const { refused } = useLink().crm.value;
  if (!refused) return null;
  return (
    <main class="place refused" aria-label={c().title}>
      <Fix origin={refused.origin} allowed={refused.allowed} />
      <a href="/connector/check" target="_blank" rel="noopener">
        {c().refused.check}
      </a>
    </main>
  );
}
