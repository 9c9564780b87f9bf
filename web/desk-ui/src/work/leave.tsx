/** Signing out: at once, or with a call that goes on after saying what becomes of it. */

import type { DeskStore } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, Dialog } from "@cordboard/ui";
import { useDesk } from "../context.tsx";

export function leave(desk: DeskStore): void {
  if (desk.session.agent.value?.state === "busy") desk.view.open.value = { kind: "leave" };
  else void go(desk);
}

/** What is typed would have nobody who could save it. */
async function go({ notes, session }: DeskStore): Promise<void> {
  if (await notes.save()) await session.signOut();
}

export function Leave() {
  const { leave } = t();
  const desk = useDesk();
  const { close } = desk.view;
  const submit = () => {
    close();
    void go(desk);
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
