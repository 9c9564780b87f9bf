/** Choosing whom to call, to ask, or to send the customer to. */

import type { Verb } from "@cordboard/client";
import { parseNumber } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, Dialog, Field } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { aboutCustomer } from "../call/about.ts";
import { Pad } from "../call/pad.tsx";
import { useDesk } from "../context.tsx";
import { People } from "./people.tsx";

export interface PickerProps {
  readonly kind: "dial" | "consult" | "transfer";
  /** About which interaction; for `dial` about none. */
  readonly interaction?: string;
  readonly typed?: string;
}

export function Picker({ kind, interaction, typed = "" }: PickerProps) {
  const [text, setText] = useState(typed);
  const { people, controls } = t();
  const { asking, names, session, view } = useDesk();
  const number = parseNumber(text);
  const choose = (to: string) => {
    const one = session.interactions.value.find(({ id }) => id === interaction);
    const verb: Verb =
      kind === "transfer" ? { verb: kind, to } : { verb: kind, to, data: aboutCustomer(one, names) };
    void asking.ask(interaction ?? "agent", verb);
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
          <Pad onKey={(digit) => setText(text + digit)} />
          <Button type="submit" kind="good" icon={kind === "dial" ? "phone" : kind} disabled={!number}>
            {kind === "dial" ? controls.dial : controls[kind]}
          </Button>
        </div>
        <People search={text} onChoose={choose} />
      </form>
    </Dialog>
  );
}

/** Tones for whoever is at the other end. */
export function Digits({ interaction }: { readonly interaction: string }) {
  const { asking, view } = useDesk();
  const [sent, setSent] = useState("");
  const [waiting, setWaiting] = useState("");
  const free = !asking.isAsked(interaction, "send-digits");
  const send = (digit: string) => setWaiting(waiting + digit);
  // What is typed while the last digits are on their way goes out behind them, in one go.
  useEffect(() => {
    if (!free || waiting === "") return;
    setWaiting("");
    setSent(sent + waiting);
    void asking.ask(interaction, { verb: "send-digits", digits: waiting });
  }, [asking, free, waiting, sent, interaction]);
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
        <Pad onKey={send} />
      </div>
    </Dialog>
  );
}
