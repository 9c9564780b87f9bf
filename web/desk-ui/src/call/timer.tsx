import { formatDuration } from "@cordboard/desk-store";
import { useDesk } from "../context.tsx";

/** The time since `since`. Screen readers do not announce it; `unsaid` hides it from them inside a labeled element. */
export function Timer({ since, unsaid = false }: { readonly since: number; readonly unsaid?: boolean }) {
  const { now } = useDesk().clock;
  return (
    <span class="timer" role="timer" aria-live="off" aria-hidden={unsaid || undefined}>
      {formatDuration(now.value - since)}
    </span>
  );
}
