/** Keys that do what a button does; they can be switched off. */

import type { InteractionView, Verb, VerbName } from "@cordboard/client";
import { activeLeg } from "@cordboard/client";
import type { DeskStore, Open } from "@cordboard/desk-store";
import type { Shortcut } from "@cordboard/desk-ui";
import { createWriting, type Place, shortcutFor } from "./keys.ts";

export function listen(desk: DeskStore): void {
  const writing = createWriting();
  addEventListener("pointerdown", writing.stop);
  addEventListener("keydown", (event) => {
    const where = placeOf(desk, event.target);
    if (writing.press(event, where.field, event.timeStamp)) return;
    const shortcut = shortcutFor(event, where);
    if (!shortcut || (!desk.settings.current.value.shortcuts && shortcut !== "help")) return;
    if (act(desk, shortcut)) event.preventDefault();
  });
}

/** Fields that take text, or a choice by its first letter. */
const FIELD =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function placeOf({ view }: DeskStore, target: EventTarget | null): Place {
  const within = (selector: string) => target instanceof Element && target.closest(selector) !== null;
  return {
    field: within(FIELD),
    form: within("form"),
    list: within("[role=menu], [role=listbox]"),
    tabs: within("[role=tablist]"),
    dialog: view.open.value !== undefined,
    work: view.place.value === "work",
  };
}

/** Does it; says whether there was anything to do. */
function act(desk: DeskStore, shortcut: Shortcut): boolean {
  switch (shortcut) {
    case "answer":
    case "reject":
      return onRinging(desk, shortcut);
    case "ready":
      return askAgent(desk, { verb: "ready" });
    case "notReady":
      return askAgent(desk, { verb: "not-ready" });
    case "dial":
      return look(desk, { kind: "dial" });
    case "help":
      return look(desk, { kind: "help" });
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
  return one !== undefined && askAbout(desk, one, { verb });
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
      return one.can.includes(VERBS[shortcut]) && look(desk, { kind: shortcut, interaction: one.id });
    case "hold":
      return askAbout(desk, one, holdOrRetrieve(one));
    case "mute":
      return askAbout(desk, one, { verb: "mute", on: !one.muted });
    case "release":
    case "alternate":
    case "completeTransfer":
    case "conference":
    case "cancelConsult":
      return askAbout(desk, one, { verb: VERBS[shortcut] } as Verb);
  }
}

const VERBS = {
  consult: "consult",
  transfer: "transfer",
  digits: "send-digits",
  release: "hang-up",
  alternate: "alternate",
  completeTransfer: "complete-transfer",
  conference: "merge",
  cancelConsult: "cancel-consult",
} as const satisfies Partial<Record<Shortcut, VerbName>>;

function holdOrRetrieve(one: InteractionView): Verb {
  if (!one.can.includes("hold")) return { verb: "resume" };
  const leg = activeLeg(one);
  return { verb: "hold", ...(leg && one.consult ? { leg } : {}) };
}

function askAbout({ asking }: DeskStore, one: InteractionView, verb: Verb): boolean {
  if (!one.can.includes(verb.verb)) return false;
  void asking.ask(one.id, verb);
  return true;
}

function askAgent({ asking, session }: DeskStore, verb: Verb): boolean {
  if (!session.agent.value?.can.includes(verb.verb)) return false;
  void asking.ask("agent", verb);
  return true;
}

function look({ view }: DeskStore, next: Open): boolean {
  view.open.value = next;
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
