/** Runs keyboard shortcuts. They can be turned off in the settings. */

import type { InteractionView, Verb, VerbName } from "@cordboard/client";
import { activeLeg } from "@cordboard/client";
import type { DeskStore, OpenDialog } from "@cordboard/desk-store";
import type { Shortcut } from "@cordboard/desk-ui";
import { createTypingDetector, type FocusContext, shortcutFor } from "./keys.ts";

export function startShortcuts(desk: DeskStore): void {
  const typing = createTypingDetector();
  addEventListener("pointerdown", typing.stop);
  addEventListener("keydown", (event) => {
    const context = focusContext(desk, event.target);
    if (typing.press(event, context.field, event.timeStamp)) return;
    const shortcut = shortcutFor(event, context);
    if (!shortcut || (!desk.settings.current.value.shortcuts && shortcut !== "help")) return;
    if (run(desk, shortcut)) event.preventDefault();
  });
}

/** Fields for text, and lists where a letter chooses an entry. */
const FIELD =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function focusContext({ view }: DeskStore, target: EventTarget | null): FocusContext {
  const within = (selector: string) => target instanceof Element && target.closest(selector) !== null;
  return {
    field: within(FIELD),
    form: within("form"),
    list: within("[role=menu], [role=listbox]"),
    tabs: within("[role=tablist]"),
    dialog: view.dialog.value !== undefined,
    work: view.place.value === "work",
  };
}

/** Runs a shortcut. Returns false if it does not apply now. */
function run(desk: DeskStore, shortcut: Shortcut): boolean {
  switch (shortcut) {
    case "answer":
    case "reject":
      return onRinging(desk, shortcut);
    case "ready":
      return sendForAgent(desk, { verb: "ready" });
    case "notReady":
      return sendForAgent(desk, { verb: "not-ready" });
    case "dial":
      return openDialog(desk, { kind: "dial" });
    case "help":
      return openDialog(desk, { kind: "help" });
    case "next":
      return move(desk, 1);
    case "previous":
      return move(desk, -1);
    case "log":
      return focus("log-subject");
    case "wrapUp":
      return focus("wrap-up-notes");
    default:
      return onShown(desk, shortcut);
  }
}

function onRinging(desk: DeskStore, verb: "answer" | "reject"): boolean {
  const one = desk.session.interactions.value.find(({ can }) => can.includes(verb));
  return one !== undefined && send(desk, one, { verb });
}

type CallShortcut = Exclude<
  Shortcut,
  "answer" | "reject" | "ready" | "notReady" | "dial" | "help" | "next" | "previous" | "log" | "wrapUp"
>;

function onShown(desk: DeskStore, shortcut: CallShortcut): boolean {
  const one = desk.view.shown.value;
  if (!one) return false;
  switch (shortcut) {
    case "consult":
    case "transfer":
    case "digits":
      return one.can.includes(VERBS[shortcut]) && openDialog(desk, { kind: shortcut, interaction: one.id });
    case "hold":
      return send(desk, one, holdOrResume(one));
    case "mute":
      return send(desk, one, { verb: "mute", on: !one.muted });
    case "hangUp":
    case "alternate":
    case "completeTransfer":
    case "merge":
    case "cancelConsult":
      return send(desk, one, { verb: VERBS[shortcut] } as Verb);
  }
}

const VERBS = {
  consult: "consult",
  transfer: "transfer",
  digits: "send-digits",
  hangUp: "hang-up",
  alternate: "alternate",
  completeTransfer: "complete-transfer",
  merge: "merge",
  cancelConsult: "cancel-consult",
} as const satisfies Partial<Record<Shortcut, VerbName>>;

function holdOrResume(one: InteractionView): Verb {
  if (!one.can.includes("hold")) return { verb: "resume" };
  const leg = activeLeg(one);
  return { verb: "hold", ...(leg && one.consult ? { leg } : {}) };
}

function send({ commands }: DeskStore, one: InteractionView, verb: Verb): boolean {
  if (!one.can.includes(verb.verb)) return false;
  void commands.send(one.id, verb);
  return true;
}

function sendForAgent({ commands, session }: DeskStore, verb: Verb): boolean {
  if (!session.agent.value?.can.includes(verb.verb)) return false;
  void commands.send("agent", verb);
  return true;
}

function openDialog({ view }: DeskStore, next: OpenDialog): boolean {
  view.dialog.value = next;
  return true;
}

function move({ session, view }: DeskStore, by: 1 | -1): boolean {
  if (session.interactions.value.length < 2) return false;
  view.step(by);
  return true;
}

function focus(id: string): boolean {
  const field = document.getElementById(id);
  field?.focus();
  return field !== null;
}
