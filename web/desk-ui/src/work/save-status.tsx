import type { InteractionView } from "@cordboard/client";
import { formatTime, notSaved, type SaveState } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { useDesk } from "../context.tsx";

/** Whether the notes are saved. Screen readers announce only that saving failed. */
export function SaveStatus({ one }: { readonly one: InteractionView }) {
  const saveState = useDesk().notes.saveState(one);
  const failed = saveState?.kind === "failed";
  return (
    <>
      <small class="saved-state">{!failed && saveState && words(saveState)}</small>
      <p class="required" role="alert" hidden={!failed}>
        {failed && notSaved(saveState.why)}
      </p>
    </>
  );
}

function words(saveState: Exclude<SaveState, { readonly kind: "failed" }>): string {
  const { wrapUp } = t();
  if (saveState.kind === "saving") return wrapUp.saving;
  return saveState.at === undefined ? wrapUp.saved : wrapUp.savedAt(formatTime(saveState.at));
}
