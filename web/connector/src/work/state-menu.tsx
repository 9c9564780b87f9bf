import type { AgentView } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { reasonItems, StateMenu, signOutAndClose, stateItem, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import type { MenuItem } from "@cordboard/ui";
import { useCrmLink } from "../crm/context.ts";
import type { CrmLink } from "../crm/link.ts";
import { c } from "../texts/index.ts";
import { afterContactWork, isAfterContactWork } from "./after-contact-work.ts";

/** The agent's state menu, with the labels of the CRM page. */
export function OwnState() {
  const desk = useDesk();
  const link = useCrmLink();
  const own = desk.session.agent.value;
  if (!own) return null;
  const timed = own.state !== "signed-out";
  return <StateMenu name={stateName(own, desk, link)} timed={timed} items={choices(desk, link)} />;
}

/** The vendor's label names, by agent state. */
const LABELS: Readonly<Record<AgentView["state"], string>> = {
  "signed-out": "offline",
  "not-ready": "notReady",
  ready: "ready",
  busy: "connected",
  "wrap-up": "afterContactWork",
};

function stateName(own: AgentView, { names }: DeskStore, { label }: CrmLink): string {
  const word = label(LABELS[own.state], t().agent[own.state]);
  if (own.state === "not-ready" && isAfterContactWork(own.reason))
    return label("afterContactWork", c().state.afterContactWork);
  return own.state === "not-ready" && own.reason ? `${word} · ${names.reasonName(own.reason)}` : word;
}

function choices(desk: DeskStore, { crm, label }: CrmLink): readonly MenuItem[] {
  const texts = t().agent;
  const { isAllowed } = desk.commands;
  const { reasons, softphone } = crm.value.settings;
  const items: MenuItem[] = [];
  if (isAllowed("sign-in")) items.push(stateItem(desk, "sign-in", label("startWork", texts.signIn)));
  if (isAllowed("ready")) items.push(stateItem(desk, "ready", label("goReady", texts.goReady)));
  const work = afterContactWork(desk.session.floor.value?.reasons ?? []);
  if (isAllowed("not-ready") && softphone.after_contact_work && work !== undefined) {
    items.push({
      id: "after-contact-work",
      text: label("goAfterContactWork", c().state.goAfterContactWork),
      dot: "wrap-up",
      onChoose: () => void desk.commands.send("agent", { verb: "not-ready", reason: work }),
    });
  }
  if (isAllowed("not-ready") && softphone.not_ready) {
    const plain = label("goNotReady", texts.goNotReady);
    // If the CRM page turns reasons off, there is one item without a reason.
    if (reasons.not_ready)
      items.push(
        ...reasonItems(desk, "not-ready", plain, (name) => `${plain}: ${name}`).filter(
          ({ id }) => !isAfterContactWork(id.slice("not-ready:".length)),
        ),
      );
    else items.push({ ...stateItem(desk, "not-ready", plain), apart: true });
  }
  if (isAllowed("sign-out")) {
    items.push({ ...stateItem(desk, "sign-out", label("finishWork", texts.signOut)), apart: true });
  }
  const signOut = label("signOut", texts.signOutAndClose);
  return [
    ...items,
    { id: "sign-out-and-close", text: signOut, apart: true, onChoose: () => signOutAndClose(desk) },
  ];
}
