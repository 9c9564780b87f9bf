import { parseNumber } from "@cordboard/desk-store";
import { Pad, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Field } from "@cordboard/ui";
import { useState } from "preact/hooks";
import { useLink } from "../crm/context.ts";
import { c } from "../texts/index.ts";

export function Dial() {
  const [typed, setTyped] = useState("");
  const { may, ask, isAsked } = useDesk().asking;
  const { voicemail } = useLink().crm.value.settings.softphone;
  const number = parseNumber(typed);
  const call = (to: string) => void ask("agent", { verb: "dial", to, data: {} });
  return (
    <form
      class="dial"
      onSubmit={(event) => {
        event.preventDefault();
        if (number && may("dial")) call(number);
      }}
    >
      <Field label={c().dial.number} value={typed} onInput={setTyped} type="tel" focus />
      <Pad onKey={(digit) => setTyped(typed + digit)} />
      <Button
        type="submit"
        kind="good"
        icon="phone"
        disabled={!number || !may("dial")}
        asked={isAsked("agent", "dial")}
      >
        {t().controls.dial}
      </Button>
      {voicemail !== null && (
        <Button icon="record" disabled={!may("dial")} onPress={() => call(voicemail)}>
          {c().dial.voicemail}
        </Button>
      )}
    </form>
  );
}
