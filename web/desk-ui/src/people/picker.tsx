/** Dialogs to choose a number: for a call, a consult or a transfer. */

import type { Verb } from "@cordboard/client";
import { parseNumber } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, Dialog, Field } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { customerData } from "../call/consult-data.ts";
import { Keypad } from "../call/keypad.tsx";
import { useDesk } from "../context.tsx";
import { People } from "./people.tsx";

export interface PickerProps {
  readonly kind: "dial" | "consult" | "transfer";
  /** The interaction to consult about or to transfer; undefined for `dial`. */
  readonly interaction?: string;
  readonly typed?: string;
}

export function Picker({ kind, interaction, typed = "" }: PickerProps) {
  const [text, setText] = useState(typed);
  const { people, controls } = t();
  const { commands, names, session, view } = useDesk();
  const number = parseNumber(text);
  const choose = (to: string) => {
    const one = session.interactions.value.find(({ id }) => id === interaction);
    const verb: Verb =
      kind === "transfer" ? { verb: kind, to } : { verb: kind, to, data: customerData(one, names) };
    void commands.send(interaction ?? "agent", verb);
    view.close();
  };
  return (
    <Dialog title={people[`${kind}Title`]} onClose={view.close} wide>
      <form
        class="picker"
        onSubmit={(event) => {
          event.preventDefault();
          if (number) choose(number);
        }}
      >
        <div class="picker-number">
          <Field label={people.search} value={text} onInput={setText} type="search" focus />
          <Keypad onKey={(digit) => setText(text + digit)} />
          <Button type="submit" kind="good" icon={kind === "dial" ? "phone" : kind} disabled={!number}>
            {kind === "dial" ? controls.dial : controls[kind]}
          </Button>
        </div>
        <People search={text} onChoose={choose} />
      </form>
    </Dialog>
  );
}

/** The dialog that sends DTMF digits. */
export function Digits({ interaction }: { readonly interaction: string }) {
  const { commands, view } = useDesk();
  const [sent, setSent] = useState("");
  const [waiting, setWaiting] = useState("");
  const free = !commands.isPending(interaction, "send-digits");
  const send = (digit: string) => setWaiting(waiting + digit);
  // Digits typed while a request is pending are sent together after it.
  useEffect(() => {
    if (!free || waiting === "") return;
    setWaiting("");
    setSent(sent + waiting);
    void commands.send(interaction, { verb: "send-digits", digits: waiting });
  }, [commands, free, waiting, sent, interaction]);
  useEffect(() => {
    const typed = ({ key }: KeyboardEvent) => {
      if (/^[0-9*#]$/.test(key)) send(key);
    };
    addEventListener("keydown", typed);
    return () => removeEventListener("keydown", typed);
  });
  return (
    <Dialog title={t().controls.digits} onClose={view.close}>
      <div class="digits">
        <output aria-label={t().controls.sent}>{sent || " "}</output>
        <Keypad onKey={send} />
      </div>
    </Dialog>
  );
}
