/** What may be asked about a call: a button for each verb in the interaction's `can`, and none for any other. */

import { activeLeg, type InteractionView, type Verb, type VerbName } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, type ButtonProps, type IconName } from "@cordboard/ui";
import { useDesk } from "../context.tsx";
import { KEYS } from "./keys.ts";

export interface ControlsProps {
  readonly one: InteractionView;
  /** What is not offered, although it may be asked. */
  readonly without?: readonly VerbName[];
}

export function Controls({ one, without = [] }: ControlsProps) {
  const desk = useDesk();
  const buttons = [...primaryControls(one), ...consultControls(one)].filter(
    ({ verb }) => one.can.includes(verb) && !without.includes(verb),
  );
  if (buttons.length === 0) return null;
  return (
    <div class="controls" role="toolbar" aria-label={t().controls.label}>
      {buttons.map(({ verb, press, ...props }) => (
        <Button key={verb} {...props} asked={desk.asking.isAsked(one.id, verb)} onPress={() => press(desk)} />
      ))}
    </div>
  );
}

interface Control extends Pick<ButtonProps, "icon" | "kind" | "pressed" | "shortcut" | "children"> {
  readonly verb: VerbName;
  readonly press: (desk: DeskStore) => void;
}

function control(
  one: InteractionView,
  icon: IconName,
  text: string,
  verb: Verb,
  more: Partial<Control> = {},
): Control {
  return {
    verb: verb.verb,
    icon,
    children: text,
    press: ({ asking }) => void asking.ask(one.id, verb),
    ...more,
  };
}

function primaryControls(one: InteractionView): readonly Control[] {
  const { controls } = t();
  const { muted = false, masked = false } = one;
  const picks = (kind: "consult" | "transfer" | "digits", verb: VerbName, icon: IconName): Control => ({
    verb,
    icon,
    children: controls[kind],
    shortcut: KEYS[kind],
    press: ({ view }) => {
      view.open.value = { kind, interaction: one.id };
    },
  });
  return [
    control(one, "hold", controls.hold, holdVerb(one), { shortcut: KEYS.hold }),
    control(one, "resume", controls.retrieve, { verb: "resume" }, { shortcut: KEYS.hold, kind: "main" }),
    control(
      one,
      muted ? "mute" : "unmute",
      muted ? controls.unmute : controls.mute,
      { verb: "mute", on: !muted },
      {
        pressed: muted,
        shortcut: KEYS.mute,
      },
    ),
    control(
      one,
      "mask",
      masked ? controls.unmask : controls.mask,
      { verb: "mask", on: !masked },
      { pressed: masked },
    ),
    control(one, "record", controls.record, { verb: "record" }),
    picks("digits", "send-digits", "digits"),
    picks("consult", "consult", "consult"),
    picks("transfer", "transfer", "transfer"),
  ];
}

function consultControls(one: InteractionView): readonly Control[] {
  const { controls } = t();
  return [
    control(one, "alternate", controls.alternate, { verb: "alternate" }, { shortcut: KEYS.alternate }),
    control(
      one,
      "transfer",
      controls.completeTransfer,
      { verb: "complete-transfer" },
      { shortcut: KEYS.completeTransfer, kind: "main" },
    ),
    control(one, "join", controls.conference, { verb: "merge" }, { shortcut: KEYS.conference }),
    control(
      one,
      "cancel",
      controls.cancelConsult,
      { verb: "cancel-consult" },
      { shortcut: KEYS.cancelConsult },
    ),
    control(one, "hangUp", controls.release, { verb: "hang-up" }, { shortcut: KEYS.release, kind: "bad" }),
    control(one, "hangUp", controls.forceEnd, { verb: "force-end" }, { kind: "bad" }),
  ];
}

/** Holds the leg that talks; with two legs the server wants to be told which. */
function holdVerb(one: InteractionView): Verb {
  const leg = activeLeg(one);
  return { verb: "hold", ...(leg && one.consult ? { leg } : {}) };
}
