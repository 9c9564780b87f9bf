import type { InteractionView } from "@cordboard/client";

/** What the form for a log entry starts with. */
export interface LogStart {
  readonly subject: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The values from the screen pops. Their subject and text are those of the first entry. */
export function logStart(one: Pick<InteractionView, "pops" | "logs">): LogStart {
  const all = Object.fromEntries(
    (one.pops ?? []).flatMap(({ log_fields }) => Object.entries(log_fields ?? {})),
  );
  const { subject = "", text = "", ...fields } = all;
  return (one.logs ?? []).length === 0 ? { subject, text, fields } : { subject: "", text: "", fields };
}
