/** Signing out. During a call, a dialog explains what happens to the call first. */

import type { DeskStore } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Button, Dialog } from "@cordboard/ui";
import { useDesk } from "../context.tsx";

export function signOutAndClose(desk: DeskStore): void {
  if (desk.session.agent.value?.state === "busy") desk.view.dialog.value = { kind: "sign-out" };
  else void saveAndSignOut(desk);
}

/** Signs out only if all notes are saved: after that, nothing could save them. */
async function saveAndSignOut({ notes, session }: DeskStore): Promise<void> {
  if (await notes.save()) await session.signOut();
}

export function SignOutDialog() {
  const { signOut } = t();
  const desk = useDesk();
  const { close } = desk.view;
  const submit = () => {
    close();
    void saveAndSignOut(desk);
  };
  return (
    <Dialog title={signOut.title} onClose={close}>
      <p>{signOut.duringCall}</p>
      <div class="answers">
        <Button onPress={close}>{signOut.cancel}</Button>
        <Button kind="main" onPress={submit}>
          {signOut.submit}
        </Button>
      </div>
    </Dialog>
  );
}
