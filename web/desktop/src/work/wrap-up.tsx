import { type InteractionView, needsLog } from "@cordboard/client";
import { formatDuration } from "@cordboard/desk-store";
import { Saved, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Choice, Field } from "@cordboard/ui";

/** What is to be remembered and how it turned out: from the beginning of a call until it is wrapped up, in the same fields. */
export function WrapUp({ one }: { readonly one: InteractionView }) {
  const { wrapUp } = t();
  const desk = useDesk();
  const { asking, session } = desk;
  const { notes, disposition } = desk.notes.of(one);
  const dispositions = (session.floor.value?.dispositions ?? []).map(({ code, name }) => ({
    value: code,
    text: name,
  }));
  const may = one.can.includes("complete");
  const isOver = may || one.state === "ended";

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    // What is completed has what is saved.
    if (may && (await desk.notes.save(one.id))) await asking.ask(one.id, { verb: "complete" });
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
          onChoose={(disposition) => desk.notes.type(one, { disposition })}
        />
        <Field
          id="wrap-up-notes"
          label={wrapUp.notes}
          value={notes}
          onInput={(notes) => desk.notes.type(one, { notes })}
          onLeave={() => void desk.notes.save(one.id)}
          lines={3}
        />
        <Saved one={one} />
        {isOver && needsLog(one) && <p class="required">{wrapUp.blocked}</p>}
        {isOver && (
          <Button
            type="submit"
            kind="main"
            icon="check"
            asked={asking.isAsked(one.id, "complete")}
            disabled={!may}
          >
            {wrapUp.submit}
          </Button>
        )}
      </form>
    </section>
  );
}

/** How long until the server completes it by itself. */
function Left({ one }: { readonly one: InteractionView }) {
  const { clock, session } = useDesk();
  const { floor } = session;
  const plan = one.queue
    ? floor.value?.queues?.find((queue) => queue.id === one.queue)?.wrap_up_ms
    : floor.value?.wrap_up_ms;
  if (one.ended_at == null || !plan || needsLog(one)) return null;
  return (
    <small class="timer">{t().wrapUp.until(formatDuration(one.ended_at + plan - clock.now.value))}</small>
  );
}
