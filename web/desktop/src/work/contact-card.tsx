import type { Contact, InteractionSummary, InteractionView, Items } from "@cordboard/client";
import { useEffect, useState } from "preact/hooks";
import { NumberLink } from "../call/number.tsx";
import { clock, dispositionName, numberOf } from "../call/words.ts";
import { Choices } from "../people/choices.tsx";
import { ask } from "../store/asking.ts";
import { fetched, http, state } from "../store/desk.ts";
import { open } from "../store/view.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Pairs } from "../ui/field.tsx";
import { duration } from "../ui/timer.tsx";

/** Who it is, what came with the call, and what was before. */
export function ContactCard({ one }: { readonly one: InteractionView }) {
  const { contact } = t();
  const data = Object.entries(one.data ?? {});
  const resolve = () => {
    open.value = { kind: "resolve", interaction: one.id };
  };
  return (
    <>
      <section class="panel" aria-label={contact.card}>
        <header>
          <h3>{contact.card}</h3>
          <Button kind="quiet" icon="person" onPress={resolve}>
            {one.contact ? contact.change : contact.resolve}
          </Button>
        </header>
        <Who one={one} />
      </section>
      <section class="panel" aria-label={contact.data}>
        <h3>{contact.data}</h3>
        {data.length > 0 ? <Pairs pairs={data} /> : <p class="empty">{contact.noData}</p>}
      </section>
      <Past one={one} />
    </>
  );
}

/** The contact, those to choose from where several have the number, or that nobody has it. */
function Who({ one }: { readonly one: InteractionView }) {
  const candidates = one.candidates ?? [];
  if (one.contact) return <Known contact={one.contact} />;
  if (candidates.length === 0) return <p class="empty">{t().contact.unknown}</p>;
  return (
    <>
      <p>{t().contact.several(candidates.length)}</p>
      <Choices contacts={candidates} onChoose={(contact) => ask(one.id, { verb: "set-contact", contact })} />
    </>
  );
}

export function Known({ contact }: { readonly contact: Contact }) {
  const numbers = (contact.numbers ?? []).map((number) => <NumberLink key={number} number={number} />);
  return (
    <>
      <p class="known">
        <strong>{contact.name}</strong>
      </p>
      <Pairs
        pairs={[
          ...(numbers.length > 0 ? [[t().contact.numbers, numbers] as const] : []),
          ...Object.entries(contact.data ?? {}),
        ]}
      />
    </>
  );
}

/** How many are shown. */
const PAST_MAX = 5;

function Past({ one }: { readonly one: InteractionView }) {
  const [past, setPast] = useState<readonly InteractionSummary[]>([]);
  const contact = one.contact?.id;
  const number = numberOf(one.customer);
  const completed = state.value.completed.length;
  useEffect(() => {
    const query = contact ? { contact, limit: PAST_MAX } : { number, limit: PAST_MAX };
    if (!contact && !number) return setPast([]);
    void fetched(http.get<Items<InteractionSummary>>("/api/v1/history/interactions", query)).then((found) =>
      setPast(found?.items ?? []),
    );
  }, [contact, number, completed]);
  return (
    <section class="panel" aria-label={t().contact.past}>
      <h3>{t().contact.past}</h3>
      {past.length === 0 && <p class="empty">{t().contact.noPast}</p>}
      <ul class="plain-list">
        {past.map((summary) => (
          <li key={summary.interaction.id} class="past">
            <time dateTime={new Date(summary.interaction.opened_at).toISOString()}>
              {clock(summary.interaction.opened_at)}
            </time>
            <span>{length(summary)}</span>
            {summary.disposition && <span class="chip">{dispositionName(summary.disposition)}</span>}
            {summary.notes && <p>{summary.notes}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How long was talked. */
export function length({ interaction: { started_at, ended_at } }: InteractionSummary): string {
  return started_at != null && ended_at != null ? duration(ended_at - started_at) : t().history.notAnswered;
}
