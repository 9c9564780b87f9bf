/** Buttons for the verbs in the interaction's `can`. */

import { activeLeg, type InteractionView, type Verb, type VerbName } from "@cordboard/client";
import type { DeskStore } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, type ButtonProps, type IconName } from "@cordboard/ui";
import { useDesk } from "../context.tsx";
import { KEYS } from "./keys.ts";

export interface ControlsProps {
  readonly one: InteractionView;
  /** Verbs to leave out. */
  readonly without?: readonly VerbName[];
}

export function Controls({ one, without = [] }: ControlsProps) {
  const desk = useDesk();
  const others = desk.session.interactions.value.filter(({ id }) => id !== one.id);
  const buttons = [...primaryControls(one, others.some(isTalking)), ...consultControls(one)].filter(
    ({ verb }) => one.can.includes(verb) && !without.includes(verb),
  );
  if (buttons.length === 0) return null;
  return (
    <div class="controls" role="toolbar" aria-label={t().controls.label}>
      {buttons.map(({ verb, press, ...props }) => (
        <Button
          key={verb}
          {...props}
          pending={desk.commands.isPending(one.id, verb)}
          onPress={() => press(desk)}
        />
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
    press: ({ commands }) => void commands.send(one.id, verb),
    ...more,
  };
}

function isTalking({ primary, consult }: InteractionView): boolean {
  return primary?.state === "talking" || consult?.state === "talking";
}

/** The controls of the customer's call. While the agent talks on another call, resuming this one swaps the two. */
function primaryControls(one: InteractionView, talksElsewhere: boolean): readonly Control[] {
  const { controls } = t();
  const { muted = false, masked = false } = one;
  const opensDialog = (kind: "consult" | "transfer" | "digits", verb: VerbName, icon: IconName): Control => ({
    verb,
    icon,
    children: controls[kind],
    shortcut: KEYS[kind],
    press: ({ view }) => {
      view.dialog.value = { kind, interaction: one.id };
    },
  });
  return [
    control(one, "hold", controls.hold, holdVerb(one), { shortcut: KEYS.hold }),
    control(
      one,
      talksElsewhere ? "alternate" : "resume",
      talksElsewhere ? controls.alternate : controls.resume,
      { verb: "resume" },
      { shortcut: KEYS.hold, kind: "main" },
    ),
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
    opensDialog("digits", "send-digits", "digits"),
    opensDialog("consult", "consult", "consult"),
    opensDialog("transfer", "transfer", "transfer"),
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
    control(one, "merge", controls.merge, { verb: "merge" }, { shortcut: KEYS.merge }),
    control(
      one,
      "cancel",
      controls.cancelConsult,
      { verb: "cancel-consult" },
      { shortcut: KEYS.cancelConsult },
    ),
    control(one, "hangUp", controls.hangUp, { verb: "hang-up" }, { shortcut: KEYS.hangUp, kind: "bad" }),
    control(one, "hangUp", controls.forceEnd, { verb: "force-end" }, { kind: "bad" }),
  ];
}

/** The hold command. With two conversations, it names the active one. */
function holdVerb(one: InteractionView): Verb {
  const leg = activeLeg(one);
  return { verb: "hold", ...(leg && one.consult ? { leg } : {}) };
}
