/** All interactions side by side, each with what it does and for how long. */

import type { InteractionView } from "@cordboard/client";
import { needsLog } from "@cordboard/client";
import { legState, nameOf, numberOf, queueName, shown as shownNumber } from "../call/words.ts";
import { agent, interactions } from "../store/desk.ts";
import { choose, shown } from "../store/view.ts";
import { t } from "../texts/index.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { Timer } from "../ui/timer.tsx";

export function Rail() {
  const all = interactions.value;
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
  const state = agent.value?.state ?? "signed-out";
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
  return (
    <button
      type="button"
      class={`card ${tone(one)}`}
      aria-current={shown.value?.id === one.id}
      onClick={() => choose(one.id)}
    >
      <Avatar name={nameOf(one)} image={one.card?.image} />
      <span class="card-who">
        <span class="line">
          <strong>{nameOf(one)}</strong>
          <Timer since={since(one)} unsaid />
        </span>
        <span class="line">
          <small>
            <Icon name={one.direction} />
            {about(one)}
          </small>
          <span class="chip">{chip(one)}</span>
        </span>
      </span>
    </button>
  );
}

/** What else is known beside the name: the queue, or the number where that is not the name, or the direction. */
function about(one: InteractionView): string {
  const number = numberOf(one.customer);
  const isName = number !== undefined && shownNumber(number) === nameOf(one);
  if (one.queue) return queueName(one.queue);
  return number === undefined || isName ? t().direction[one.direction] : shownNumber(number);
}

/** What an interaction does, in a word; a held customer matters more than that the call goes on. */
export function chip(one: InteractionView): string {
  if (one.state === "ended" && needsLog(one)) return t().work.logRequired;
  if (one.state === "started" && !one.primary && !one.consult) return t().work.open;
  if (one.state === "started" && one.primary && !one.consult) return legState(one.primary);
  return t().state[one.state];
}

/** Its colour. */
export function tone(one: InteractionView): string {
  return one.state === "started" && one.primary?.state === "held" && !one.consult ? "held" : one.state;
}

/** From when its present stage counts. */
export function since(one: InteractionView): number {
  return one.ended_at ?? one.started_at ?? one.opened_at;
}
