/** Keys that do what a button does; they can be switched off. */

import type { InteractionView, Verb, VerbName } from "@cordboard/client";
import { activeLeg } from "@cordboard/client";
import { ask } from "../store/asking.ts";
import { agent, interactions } from "../store/desk.ts";
import { settings } from "../store/settings.ts";
import { open, place, shown, step } from "../store/view.ts";
import { createWriting, type Place, type Shortcut, shortcutFor } from "./keys.ts";

export function listen(): void {
  const writing = createWriting();
  addEventListener("pointerdown", writing.stop);
  addEventListener("keydown", (event) => {
    const where = placeOf(event.target);
    if (writing.press(event, where.field, event.timeStamp)) return;
    const shortcut = shortcutFor(event, where);
    if (!shortcut || (!settings.value.shortcuts && shortcut !== "help")) return;
    if (act(shortcut)) event.preventDefault();
  });
}

/** Fields that take text, or a choice by its first letter. */
const FIELD =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function placeOf(target: EventTarget | null): Place {
  const within = (selector: string) => target instanceof Element && target.closest(selector) !== null;
  return {
    field: within(FIELD),
    form: within("form"),
    list: within("[role=menu], [role=listbox]"),
    tabs: within("[role=tablist]"),
    dialog: open.value !== undefined,
    work: place.value === "work",
  };
}
/** Does it; says whether there was anything to do. */
function act(shortcut: Shortcut): boolean {
  switch (shortcut) {
    case "answer":
    case "reject":
      return onRinging(shortcut);
    case "ready":
      return askAgent({ verb: "ready" });
    case "notReady":
      return askAgent({ verb: "not-ready" });
    case "dial":
      return look({ kind: "dial" });
    case "help":
      return look({ kind: "help" });
    case "next":
      return move(1);
    case "previous":
      return move(-1);
    case "log":
      return focus("log-subject");
    case "wrapUp":
      return focus("wrap-up-notes");
    default:
      return onShown(shortcut);
  }
}

function onRinging(verb: "answer" | "reject"): boolean {
  const one = interactions.value.find(({ can }) => can.includes(verb));
  return one !== undefined && askAbout(one, { verb });
}

type CallShortcut = Exclude<
  Shortcut,
  "answer" | "reject" | "ready" | "notReady" | "dial" | "help" | "next" | "previous" | "log" | "wrapUp"
>;

function onShown(shortcut: CallShortcut): boolean {
  const one = shown.value;
  if (!one) return false;
  switch (shortcut) {
    case "consult":
    case "transfer":
    case "digits":
      return one.can.includes(VERBS[shortcut]) && look({ kind: shortcut, interaction: one.id });
    case "hold":
      return askAbout(one, holdOrRetrieve(one));
    case "mute":
      return askAbout(one, { verb: "mute", on: !one.muted });
    case "release":
    case "alternate":
    case "completeTransfer":
    case "conference":
    case "cancelConsult":
      return askAbout(one, { verb: VERBS[shortcut] } as Verb);
  }
}

const VERBS = {
  consult: "consult",
  transfer: "transfer",
  digits: "send-digits",
  release: "release",
  alternate: "alternate",
  completeTransfer: "complete-transfer",
  conference: "complete-conference",
  cancelConsult: "cancel-consult",
} as const satisfies Partial<Record<Shortcut, VerbName>>;

function holdOrRetrieve(one: InteractionView): Verb {
  if (!one.can.includes("hold")) return { verb: "retrieve" };
  const leg = activeLeg(one);
  return { verb: "hold", ...(leg && one.consult ? { leg } : {}) };
}

function askAbout(one: InteractionView, verb: Verb): boolean {
  if (!one.can.includes(verb.verb)) return false;
  void ask(one.id, verb);
  return true;
}

function askAgent(verb: Verb): boolean {
  if (!agent.value?.can.includes(verb.verb)) return false;
  void ask("agent", verb);
  return true;
}

function look(next: NonNullable<typeof open.value>): boolean {
  open.value = next;
  return true;
}

function move(by: 1 | -1): boolean {
  if (interactions.value.length < 2) return false;
  step(by);
  return true;
}

function focus(id: string): boolean {
  const field = document.getElementById(id);
  field?.focus();
  return field !== null;
}
