import { type InteractionView, needsLog } from "@cordboard/client";
import { ask, isAsked } from "../store/asking.ts";
import { floor } from "../store/desk.ts";
import { notesOf, saveNotes, typeNotes } from "../store/notes.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Choice, Field } from "../ui/field.tsx";
import { duration, now } from "../ui/timer.tsx";
import { Saved } from "./saved.tsx";

/** What is to be remembered and how it turned out: from the beginning of a call until it is wrapped up, in the same fields. */
export function WrapUp({ one }: { readonly one: InteractionView }) {
  const { wrapUp } = t();
  const { notes, disposition } = notesOf(one);
  const dispositions = (floor.value?.dispositions ?? []).map(({ code, name }) => ({
    value: code,
    text: name,
  }));
  const may = one.can.includes("complete");
  const isOver = may || one.state === "ended";

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    // What is completed has what is saved.
    if (may && (await saveNotes(one.id))) await ask(one.id, { verb: "complete" });
  }

  return (
    <section class={isOver ? "panel wrap-up" : "panel"} aria-label={isOver ? wrapUp.title : wrapUp.during}>
      <header>
        <h3>{isOver ? wrapUp.title : wrapUp.during}</h3>
        <Left one={one} />
      </header>
      <form onSubmit={submit}>
        <Choice
          label={wrapUp.disposition}
          value={disposition}
          options={[{ value: "", text: wrapUp.noDisposition }, ...dispositions]}
          onChoose={(disposition) => typeNotes(one, { disposition })}
        />
        <Field
          id="wrap-up-notes"
          label={wrapUp.notes}
          value={notes}
          onInput={(notes) => typeNotes(one, { notes })}
          onLeave={() => void saveNotes(one.id)}
          lines={3}
        />
        <Saved one={one} />
        {isOver && needsLog(one) && <p class="required">{wrapUp.blocked}</p>}
        {isOver && (
          <Button type="submit" kind="main" icon="check" asked={isAsked(one.id, "complete")} disabled={!may}>
            {wrapUp.submit}
          </Button>
        )}
      </form>
    </section>
  );
}

/** How long until the server completes it by itself. */
function Left({ one }: { readonly one: InteractionView }) {
  const plan = one.queue
    ? floor.value?.queues?.find((queue) => queue.id === one.queue)?.wrap_up_ms
    : floor.value?.wrap_up_ms;
  if (one.ended_at == null || !plan || needsLog(one)) return null;
  return <small class="timer">{t().wrapUp.until(duration(one.ended_at + plan - now.value))}</small>;
}
