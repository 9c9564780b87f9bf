/** How the connector and the page around stand, in words. */

import { agent, status } from "@cordboard/desktop/store/desk.ts";
import { t } from "@cordboard/desktop/texts/index.ts";
import { switchesDown } from "@cordboard/desktop/work/top-bar.tsx";
import { crm } from "../crm/link.ts";
import { c } from "../texts/index.ts";
import { Fix } from "./fix.tsx";

/** What is amiss at the moment; nothing when nothing is. */
export function Standing() {
  const lines = [...serverLines(), ...crmLines()];
  return (
    <div class="banner" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function serverLines(): readonly string[] {
  if (status.value.kind === "reconnecting") return [t().status.reconnecting];
  return agent.value ? switchesDown().map(t().status.switchDown) : [t().status.connecting];
}

function crmLines(): readonly string[] {
  const { phase } = crm.value;
  return phase === "active" || phase === "refused" ? [] : [c().phase[phase]];
}

/** Why the page around may not host the connector, and what to do. */
export function Refused() {
  const { refused } = crm.value;
  if (!refused) return null;
  return (
    <main class="place refused">
      <Fix origin={refused.origin} allowed={refused.allowed} />
      <a href="/connector/check" target="_blank" rel="noopener">
        {c().refused.check}
      </a>
    </main>
  );
}
