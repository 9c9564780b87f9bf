/** The dialog that signs the agent in at another phone or for other queues. */

import type { Problem } from "@cordboard/client";
import { problemText } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, Dialog, Field, Toggle } from "@cordboard/ui";
import { useState } from "preact/hooks";
import { useDesk } from "../context.tsx";

export function PhoneAndQueues() {
  const { phoneAndQueues: texts } = t();
  const { session, view } = useDesk();
  const own = session.agent.value;
  const { agents = [], queues = [] } = session.floor.value ?? {};
  const [phone, setPhone] = useState(own?.device ?? "");
  const [chosen, setChosen] = useState<readonly string[]>(own?.queues ?? []);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string>();
  if (!own) return null;
  const ownPhone = agents.find(({ id }) => id === own.id)?.device ?? "";
  const isSignedIn = own.state !== "signed-out";

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    const device = phone.trim();
    const refused = await session.signInAt(device, chosen);
    setPending(false);
    setProblem(refused && placeProblem(refused, device || ownPhone));
    if (!refused) view.close();
  }

  return (
    <Dialog title={texts.title} onClose={view.close}>
      <form class="settings" onSubmit={submit}>
        <Field label={texts.phone} value={phone} onInput={setPhone} hint={texts.phoneHint(ownPhone)} focus />
        <fieldset>
          <legend>{texts.queues}</legend>
          {queues.length === 0 && <p class="empty">{texts.noQueues}</p>}
          {queues.map(({ id, name }) => (
            <Toggle
              key={id}
              label={name}
              on={chosen.includes(id)}
              onChange={(on) => setChosen(withQueue(chosen, id, on))}
            />
          ))}
        </fieldset>
        {isSignedIn && <p class="hint">{texts.keepsState}</p>}
        <p class="problem" role="alert">
          {problem}
        </p>
        <Button type="submit" kind="main" pending={pending}>
          {isSignedIn ? texts.submit : texts.signIn}
        </Button>
      </form>
    </Dialog>
  );
}

function withQueue(chosen: readonly string[], id: string, on: boolean): readonly string[] {
  const others = chosen.filter((queue) => queue !== id);
  return on ? [...others, id] : others;
}

/** The refusals that concern the phone, in the current language. */
function placeProblem(problem: Problem, phone: string): string {
  const { phoneAndQueues: texts } = t();
  switch (problem.code) {
    case "not-found":
      return texts.noPhone(phone);
    case "device-in-use":
      return texts.inUse(phone);
    default:
      return problemText(problem);
  }
}
