import type { AgentView } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { leave, reasonItems, StateMenu, stateItem, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import type { MenuItem } from "@cordboard/ui";
import { useLink } from "../crm/context.ts";
import type { Link } from "../crm/link.ts";
import { c } from "../texts/index.ts";

/** What the agent is doing, in the CRM's words. */
export function OwnState() {
  const desk = useDesk();
  const link = useLink();
  const own = desk.session.agent.value;
  if (!own) return null;
  const timed = own.state !== "signed-out";
  return <StateMenu name={stateName(own, desk, link)} timed={timed} items={choices(desk, link)} />;
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

function choices(desk: DeskStore, { crm, label }: Link): readonly MenuItem[] {
  const texts = t().agent;
  const { may } = desk.asking;
  const { reasons, softphone } = crm.value.settings;
  const items: MenuItem[] = [];
  if (may("sign-in")) items.push(stateItem(desk, "sign-in", label("startWork", c().menu.startWork)));
  if (may("ready")) items.push(stateItem(desk, "ready", label("goReady", texts.goReady)));
  if (may("not-ready") && softphone.not_ready) {
    const plain = label("goNotReady", texts.goNotReady);
    // Where the CRM wants no reasons there is one choice without.
    if (reasons.not_ready)
      items.push(...reasonItems(desk, "not-ready", plain, (name) => `${plain}: ${name}`));
    else items.push({ ...stateItem(desk, "not-ready", plain), apart: true });
  }
  if (may("sign-out")) {
    items.push({ ...stateItem(desk, "sign-out", label("finishWork", c().menu.finishWork)), apart: true });
  }
  const leaves = label("signOut", texts.signOut);
  return [...items, { id: "leave", text: leaves, apart: true, onChoose: () => leave(desk) }];
}
