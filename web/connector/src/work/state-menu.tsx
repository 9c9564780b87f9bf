import type { AgentView } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { leave, Timer, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Icon, Menu, type MenuItem } from "@cordboard/ui";
import { useLink } from "../crm/context.ts";
import type { Link } from "../crm/link.ts";
import { c } from "../texts/index.ts";

export function StateMenu() {
  const desk = useDesk();
  const link = useLink();
  const { asking, names, session } = desk;
  const own = session.agent.value;
  if (!own) return null;
  const asked = (["sign-in", "sign-out", "ready", "not-ready"] as const).some((verb) =>
    asking.isAsked("agent", verb),
  );
  const name = stateName(own, desk, link);
  return (
    <Menu label={t().agent.state} items={choices(desk, link)}>
      <span class={`dot ${own.state}`} aria-hidden="true" />
      <span class="state-words">
        <strong>
          <span class="unseen">{t().agent.state}: </span>
          {name}
        </strong>
        <small>
          {own.name}
          {own.next && ` · ${t().agent.next(names.agentStateName(own.next))}`}
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

function stateName(own: AgentView, { names }: DeskStore, { label }: Link): string {
  const word = label(LABELS[own.state], t().agent[own.state]);
  return own.state === "not-ready" && own.reason ? `${word} · ${names.reasonName(own.reason)}` : word;
}

function choices(desk: DeskStore, link: Link): readonly MenuItem[] {
  const texts = t().agent;
  const { label } = link;
  const { may } = desk.asking;
  const { softphone } = link.crm.value.settings;
  const items: MenuItem[] = [];
  if (may("sign-in")) items.push(item(desk, "sign-in", label("startWork", c().menu.startWork), "not-ready"));
  if (may("ready")) items.push(item(desk, "ready", label("goReady", texts.goReady), "ready"));
  if (may("not-ready") && softphone.not_ready) items.push(...notReady(desk, link));
  if (may("sign-out")) {
    items.push({
      ...item(desk, "sign-out", label("finishWork", c().menu.finishWork), "signed-out"),
      apart: true,
    });
  }
  return [
    ...items,
    { id: "leave", text: label("signOut", texts.signOut), apart: true, onChoose: () => leave(desk) },
  ];
}

/** One choice for each of the floor's reasons, where the CRM wants reasons; else one. */
function notReady(desk: DeskStore, { crm, label }: Link): readonly MenuItem[] {
  const plain = label("goNotReady", t().agent.goNotReady);
  const reasons = (desk.session.floor.value?.reasons ?? []).filter(({ use }) => use === "not-ready");
  if (!crm.value.settings.reasons.not_ready || reasons.length === 0) {
    return [{ ...item(desk, "not-ready", plain, "not-ready"), apart: true }];
  }
  return reasons.map(({ code, name }, index) => ({
    id: `not-ready:${code}`,
    text: `${plain}: ${name}`,
    dot: "not-ready",
    apart: index === 0,
    onChoose: () => void desk.asking.ask("agent", { verb: "not-ready", reason: code }),
  }));
}

function item(
  desk: DeskStore,
  verb: "sign-in" | "sign-out" | "ready" | "not-ready",
  text: string,
  dot: string,
): MenuItem {
  return { id: verb, text, dot, onChoose: () => void desk.asking.ask("agent", { verb }) };
}
