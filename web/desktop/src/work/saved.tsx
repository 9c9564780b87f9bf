import type { InteractionView } from "@cordboard/client";
import { clock } from "../call/words.ts";
import { notSaved, standingOf } from "../store/notes.ts";
import { t } from "../texts/index.ts";

/** Whether what is typed about an interaction is saved. Only that it is not is said aloud. */
export function Saved({ one }: { readonly one: InteractionView }) {
  const standing = standingOf(one);
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

function words(standing: { readonly kind: "saving" } | { readonly kind: "saved"; readonly at?: number }) {
  const { wrapUp } = t();
  if (standing.kind === "saving") return wrapUp.saving;
  return standing.at === undefined ? wrapUp.saved : wrapUp.savedAt(clock(standing.at));
}
