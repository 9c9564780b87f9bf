import { may } from "@cordboard/desktop/call/number.tsx";
import { Pad } from "@cordboard/desktop/call/pad.tsx";
import { dialled } from "@cordboard/desktop/call/words.ts";
import { ask, isAsked } from "@cordboard/desktop/store/asking.ts";
import { t } from "@cordboard/desktop/texts/index.ts";
import { Button } from "@cordboard/desktop/ui/button.tsx";
import { Field } from "@cordboard/desktop/ui/field.tsx";
import { useState } from "preact/hooks";
import { crm } from "../crm/link.ts";
import { c } from "../texts/index.ts";

export function Dial() {
  const [typed, setTyped] = useState("");
  const { voicemail } = crm.value.settings.softphone;
  const number = dialled(typed);
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
