/** The list of interactions, each with its state and duration. */

import type { InteractionView } from "@cordboard/client";
import { needsLog } from "@cordboard/client";
import { formatNumber, legState, type Names, numberOf } from "@cordboard/desk-store";
import { Timer, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Avatar, Icon } from "@cordboard/ui";

export function InteractionList() {
  const all = useDesk().session.interactions.value;
  return (
    <nav class="rail" aria-label={t().work.list}>
      {all.length === 0 ? <Idle /> : null}
      <ul>
        {all.map((one) => (
          <li key={one.id}>
            <Card one={one} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Idle() {
  const { work, agent: states } = t();
  const state = useDesk().session.agent.value?.state ?? "signed-out";
  const hint =
    state === "ready" ? work.noneHint : state === "signed-out" ? work.signInHint : work.goReadyHint;
  return (
    <div class="empty">
      <strong>{state === "ready" ? work.waiting : state === "signed-out" ? states[state] : work.none}</strong>
      <p>{hint}</p>
    </div>
  );
}

function Card({ one }: { readonly one: InteractionView }) {
  const { names, view } = useDesk();
  const name = names.nameOf(one);
  return (
    <button
      type="button"
      class={`card ${tone(one)}`}
      aria-current={view.shown.value?.id === one.id}
      onClick={() => view.choose(one.id)}
    >
      <Avatar name={name} image={one.card?.image} />
      <span class="card-who">
        <span class="line">
          <strong>{name}</strong>
          <Timer since={since(one)} unsaid />
        </span>
        <span class="line">
          <small>
            <Icon name={one.direction} />
            {about(one, names)}
          </small>
          <span class="chip">{chip(one)}</span>
        </span>
      </span>
    </button>
  );
}

/** The text below the name: the queue, or the number if the name is not the number, or the direction. */
function about(one: InteractionView, { nameOf, queueName }: Names): string {
  const number = numberOf(one.customer);
  const isName = number !== undefined && formatNumber(number) === nameOf(one);
  if (one.queue) return queueName(one.queue);
  return number === undefined || isName ? t().direction[one.direction] : formatNumber(number);
}

/** The state of an interaction, in one word. A held call shows “on hold”. */
export function chip(one: InteractionView): string {
  if (one.state === "ended" && needsLog(one)) return t().work.logRequired;
  if (one.state === "started" && !one.primary && !one.consult) return t().work.open;
  if (one.state === "started" && one.primary && !one.consult) return legState(one.primary);
  return t().state[one.state];
}

/** The CSS class for the color of an interaction. */
export function tone(one: InteractionView): string {
  return one.state === "started" && one.primary?.state === "held" && !one.consult ? "held" : one.state;
}

/** When the present state began. Unix milliseconds. */
export function since(one: InteractionView): number {
  return one.ended_at ?? one.started_at ?? one.opened_at;
}
