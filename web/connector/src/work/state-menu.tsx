import type { AgentView } from "@cordboard/client";
import { may } from "@cordboard/desktop/call/number.tsx";
import { agentStateName, reasonName } from "@cordboard/desktop/call/words.ts";
import { ask, isAsked } from "@cordboard/desktop/store/asking.ts";
import { agent, floor } from "@cordboard/desktop/store/desk.ts";
import { t } from "@cordboard/desktop/texts/index.ts";
import { Icon } from "@cordboard/desktop/ui/icon.tsx";
import { Menu, type MenuItem } from "@cordboard/desktop/ui/menu.tsx";
import { Timer } from "@cordboard/desktop/ui/timer.tsx";
import { leave } from "@cordboard/desktop/work/leave.tsx";
import { crm } from "../crm/link.ts";
import { c } from "../texts/index.ts";
import { label } from "../texts/label.ts";

export function StateMenu() {
  const own = agent.value;
  if (!own) return null;
  const asked = (["sign-in", "sign-out", "ready", "not-ready"] as const).some((verb) =>
    isAsked("agent", verb),
  );
  const name = stateName(own);
  return (
    <Menu label={t().agent.state} items={choices()}>
      <span class={`dot ${own.state}`} aria-hidden="true" />
      <span class="state-words">
        <strong>
          <span class="unseen">{t().agent.state}: </span>
          {name}
        </strong>
        <small>
          {own.name}
          {own.next && ` · ${t().agent.next(agentStateName(own.next))}`}
        </small>
      </span>
      {asked && <span class="asked">{t().work.asked}</span>}
      {!asked && own.state !== "signed-out" && <Timer since={own.since} unsaid />}
      <Icon name="chevron" />
    </Menu>
  );
}

/** What the CRM calls the state that the agent is in. */
const LABELS: Readonly<Record<AgentView["state"], string>> = {
  "signed-out": "offline",
  "not-ready": "notReady",
  ready: "ready",
  busy: "connected",
  "wrap-up": "afterContactWork",
};

function stateName(own: AgentView): string {
  const word = label(LABELS[own.state], t().agent[own.state]);
  return own.state === "not-ready" && own.reason ? `${word} · ${reasonName(own.reason)}` : word;
}

function choices(): readonly MenuItem[] {
  const texts = t().agent;
  const { softphone } = crm.value.settings;
  const items: MenuItem[] = [];
  if (may("sign-in")) items.push(item("sign-in", label("startWork", c().menu.startWork), "not-ready"));
  if (may("ready")) items.push(item("ready", label("goReady", texts.goReady), "ready"));
  if (may("not-ready") && softphone.not_ready) items.push(...notReady());
  if (may("sign-out")) {
    items.push({ ...item("sign-out", label("finishWork", c().menu.finishWork), "signed-out"), apart: true });
  }
  return [...items, { id: "leave", text: label("signOut", texts.signOut), apart: true, onChoose: leave }];
}

/** One choice for each of the floor's reasons, where the CRM wants reasons; else one. */
function notReady(): readonly MenuItem[] {
  const plain = label("goNotReady", t().agent.goNotReady);
  const reasons = (floor.value?.reasons ?? []).filter(({ use }) => use === "not-ready");
  if (!crm.value.settings.reasons.not_ready || reasons.length === 0) {
    return [{ ...item("not-ready", plain, "not-ready"), apart: true }];
  }
  return reasons.map(({ code, name }, index) => ({
    id: `not-ready:${code}`,
    text: `${plain}: ${name}`,
    dot: "not-ready",
    apart: index === 0,
    onChoose: () => void ask("agent", { verb: "not-ready", reason: code }),
  }));
}

function item(verb: "sign-in" | "sign-out" | "ready" | "not-ready", text: string, dot: string): MenuItem {
  return { id: verb, text, dot, onChoose: () => void ask("agent", { verb }) };
}
