import { parseNumber } from "@cordboard/desk-store";
import { Keypad, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Field } from "@cordboard/ui";
import { useState } from "preact/hooks";
import { useCrmLink } from "../crm/context.ts";
import { c } from "../texts/index.ts";

export function Dial() {
  const [typed, setTyped] = useState("");
  const { isAllowed, send, isPending } = useDesk().commands;
  const { voicemail } = useCrmLink().crm.value.settings.softphone;
  const number = parseNumber(typed);
  const call = (to: string) => void send("agent", { verb: "dial", to, data: {} });
  return (
    <form
      class="dial"
      onSubmit={(event) => {
        event.preventDefault();
        if (number && isAllowed("dial")) call(number);
      }}
    >
      <Field label={c().dial.number} value={typed} onInput={setTyped} type="tel" focus />
      <Keypad onKey={(digit) => setTyped(typed + digit)} />
      <Button
        type="submit"
        kind="good"
        icon="phone"
        disabled={!number || !isAllowed("dial")}
        pending={isPending("agent", "dial")}
      >
        {t().controls.dial}
      </Button>
      {voicemail !== null && (
        <Button icon="record" disabled={!isAllowed("dial")} onPress={() => call(voicemail)}>
          {c().dial.voicemail}
        </Button>
      )}
    </form>
  );
}
