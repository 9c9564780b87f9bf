import { type InteractionView, needsLog } from "@cordboard/client";
import { formatDuration } from "@cordboard/desk-store";
import { SaveStatus, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Choice, Field } from "@cordboard/ui";

/** Notes and disposition of an interaction, during the call and in wrap-up. */
export function WrapUp({ one }: { readonly one: InteractionView }) {
  const { wrapUp } = t();
  const desk = useDesk();
  const { commands, session } = desk;
  const { notes, disposition } = desk.notes.of(one);
  const dispositions = (session.floor.value?.dispositions ?? []).map(({ code, name }) => ({
    value: code,
    text: name,
  }));
  const canComplete = one.can.includes("complete");
  const isOver = canComplete || one.state === "ended";

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    // A completed interaction contains only saved notes.
    if (canComplete && (await desk.notes.save(one.id))) await commands.send(one.id, { verb: "complete" });
  }

  return (
    <section class={isOver ? "panel wrap-up" : "panel"} aria-label={isOver ? wrapUp.title : wrapUp.during}>
      <header>
        <h3>{isOver ? wrapUp.title : wrapUp.during}</h3>
        <TimeLeft one={one} />
      </header>
      <form onSubmit={submit}>
        <Choice
          label={wrapUp.disposition}
          value={disposition}
          options={[{ value: "", text: wrapUp.noDisposition }, ...dispositions]}
          onChoose={(disposition) => desk.notes.edit(one, { disposition })}
        />
        <Field
          id="wrap-up-notes"
          label={wrapUp.notes}
          value={notes}
          onInput={(notes) => desk.notes.edit(one, { notes })}
          onLeave={() => void desk.notes.save(one.id)}
          lines={3}
        />
        <SaveStatus one={one} />
        {isOver && needsLog(one) && <p class="required">{wrapUp.blocked}</p>}
        {isOver && (
          <Button
            type="submit"
            kind="main"
            icon="check"
            pending={commands.isPending(one.id, "complete")}
            disabled={!canComplete}
          >
            {wrapUp.submit}
          </Button>
        )}
      </form>
    </section>
  );
}

/** The time until the server completes the interaction automatically. */
function TimeLeft({ one }: { readonly one: InteractionView }) {
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
