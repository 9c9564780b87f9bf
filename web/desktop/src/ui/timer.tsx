import { signal } from "@preact/signals";
import { ahead } from "../store/desk.ts";

/** The second that it is, for everything that counts. Unix milliseconds of the server's clock. */
export const now = signal(Date.now());

export function tick(): void {
  now.value = Date.now() + ahead.value;
  setTimeout(tick, 1000 - (Date.now() % 1000));
}

/** How long since then. Nobody wants to hear it every second; `unsaid` where it stands in something that has a name. */
export function Timer({ since, unsaid = false }: { readonly since: number; readonly unsaid?: boolean }) {
  return (
    <span class="timer" role="timer" aria-live="off" aria-hidden={unsaid || undefined}>
      {duration(now.value - since)}
    </span>
  );
}

/** Hours only where there are any: `4:07`, `1:04:07`. */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
