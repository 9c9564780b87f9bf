/** Signing out: at once, or with a call that goes on after saying what becomes of it. */

import { agent, signOut } from "../store/desk.ts";
import { saveNotes } from "../store/notes.ts";
import { close, open } from "../store/view.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";

export function leave(): void {
  if (agent.value?.state === "busy") open.value = { kind: "leave" };
  else void go();
}

/** What is typed would have nobody who could save it. */
async function go(): Promise<void> {
  if (await saveNotes()) await signOut();
}

export function Leave() {
  const { leave } = t();
  const submit = () => {
    close();
    void go();
  };
  return (
    <Dialog title={leave.title} onClose={close}>
      <p>{leave.call}</p>
      <div class="answers">
        <Button onPress={close}>{leave.stay}</Button>
        <Button kind="main" onPress={submit}>
          {leave.submit}
        </Button>
      </div>
    </Dialog>
  );
}
