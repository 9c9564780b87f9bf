import type { InteractionView } from "@cordboard/client";
import { formatTime, notSaved, type Standing } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { useDesk } from "../context.tsx";

/** Whether what is typed about an interaction is saved. Only that it is not is said aloud. */
export function Saved({ one }: { readonly one: InteractionView }) {
  const standing = useDesk().notes.standing(one);
  const failed = standing?.kind === "failed";
  return (
    <>
      <small class="saved-state">{!failed && standing && words(standing)}</small>
      <p class="required" role="alert" hidden={!failed}>
        {failed && notSaved(standing.why)}
      </p>
    </>
  );
}

function words(standing: Exclude<Standing, { readonly kind: "failed" }>): string {
  const { wrapUp } = t();
  if (standing.kind === "saving") return wrapUp.saving;
  return standing.at === undefined ? wrapUp.saved : wrapUp.savedAt(formatTime(standing.at));
}
