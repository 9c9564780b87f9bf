import { formatDuration } from "@cordboard/desk-store";
import { useDesk } from "../context.tsx";

/** How long since then. Nobody wants to hear it every second; `unsaid` where it stands in something that has a name. */
export function Timer({ since, unsaid = false }: { readonly since: number; readonly unsaid?: boolean }) {
  const { now } = useDesk().clock;
  return (
    <span class="timer" role="timer" aria-live="off" aria-hidden={unsaid || undefined}>
      {formatDuration(now.value - since)}
    </span>
  );
}
