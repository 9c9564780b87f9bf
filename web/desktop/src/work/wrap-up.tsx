import { type InteractionView, needsLog } from "@cordboard/client";
import { ask, isAsked } from "../store/asking.ts";
import { floor } from "../store/desk.ts";
import { draft, type } from "../store/drafts.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Choice, Field } from "../ui/field.tsx";
import { duration, now } from "../ui/timer.tsx";

/** How it turned out. */
export function WrapUp({ one }: { readonly one: InteractionView }) {
  const { wrapUp } = t();
  const { disposition = "", notes = "" } = draft(one.id, "wrap-up");
  const dispositions = (floor.value?.dispositions ?? []).map(({ code, name }) => ({
    value: code,
    text: name,
  }));
  const may = one.can.includes("complete");

  function submit(event: Event): void {
    event.preventDefault();
    if (!may) return;
    void ask(one.id, { verb: "complete", disposition: disposition || null, notes: notes || null });
  }

  return (
    <section class="panel wrap-up" aria-label={wrapUp.title}>
      <header>
        <h3>{wrapUp.title}</h3>
        <Left one={one} />
      </header>
      <form onSubmit={submit}>
        <Choice
          label={wrapUp.disposition}
          value={disposition}
          options={[{ value: "", text: wrapUp.noDisposition }, ...dispositions]}
          onChoose={(disposition) => type(one.id, "wrap-up", { disposition })}
        />
        <Field
          id="wrap-up-notes"
          label={wrapUp.notes}
          value={notes}
          onInput={(notes) => type(one.id, "wrap-up", { notes })}
          lines={3}
        />
        {needsLog(one) && <p class="required">{wrapUp.blocked}</p>}
        <Button type="submit" kind="main" icon="check" asked={isAsked(one.id, "complete")} disabled={!may}>
          {wrapUp.submit}
        </Button>
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
