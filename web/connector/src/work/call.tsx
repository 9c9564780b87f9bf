/** The calls of the agent: the one that is looked at as a whole, the others to be chosen. */

import type { Conversation, InteractionView, VerbName } from "@cordboard/client";
import { Controls } from "@cordboard/desktop/call/controls.tsx";
import {
  legState,
  nameOf,
  numberOf,
  partiesOf,
  queueName,
  shown as written,
} from "@cordboard/desktop/call/words.ts";
import { agent, interactions } from "@cordboard/desktop/store/desk.ts";
import { choose, shown } from "@cordboard/desktop/store/view.ts";
import { t } from "@cordboard/desktop/texts/index.ts";
import { Avatar } from "@cordboard/desktop/ui/avatar.tsx";
import { Button } from "@cordboard/desktop/ui/button.tsx";
import { Icon } from "@cordboard/desktop/ui/icon.tsx";
import { Timer } from "@cordboard/desktop/ui/timer.tsx";
import { crm, openRecord } from "../crm/link.ts";
import { c } from "../texts/index.ts";
import { label } from "../texts/label.ts";
import { Log } from "./log.tsx";

export function Calls() {
  const all = interactions.value.filter(({ state }) => state !== "alerting");
  const one = all.find(({ id }) => id === shown.value?.id) ?? all.at(-1);
  // What rings is above everything.
  if (!one) return interactions.value.length > 0 ? null : <Idle />;
  const others = all.filter(({ id }) => id !== one.id);
  return (
    <div class="calls">
      {others.map((other) => (
        <button key={other.id} type="button" class={`card ${other.state}`} onClick={() => choose(other.id)}>
          <Avatar name={nameOf(other)} />
          <span class="card-who">
            <strong>{nameOf(other)}</strong>
            <small>{t().state[other.state]}</small>
          </span>
        </button>
      ))}
      <Call key={one.id} one={one} />
    </div>
  );
}

function Idle() {
  const { work } = t();
  const { idle } = c();
  const lines = {
    "signed-out": [idle.signedOut, idle.signedOutHint],
    "not-ready": [work.none, work.goReadyHint],
    ready: [work.waiting, work.noneHint],
    busy: [work.none, work.noneHint],
    "wrap-up": [work.none, work.noneHint],
  } as const;
  const state = agent.value?.state ?? "signed-out";
  const [title, hint] = lines[state];
  return (
    <div class="idle">
      <Icon name={state === "ready" ? "bell" : "phone"} />
      <strong>{title}</strong>
      <p>{hint}</p>
    </div>
  );
}

function Call({ one }: { readonly one: InteractionView }) {
  const over = one.state === "ended";
  return (
    <article class={`call ${tone(one)}`} aria-label={nameOf(one)}>
      <header>
        <Avatar name={nameOf(one)} image={one.card?.image} />
        <div class="call-who">
          <h2>{nameOf(one)}</h2>
          <p>{about(one)}</p>
        </div>
      </header>
      <p class="call-state">
        <span class="chip">{stateWord(one)}</span>
        <Timer since={one.ended_at ?? one.started_at ?? one.opened_at} />
      </p>
      {one.consult && <Legs one={one} />}
      <Controls one={one} without={hidden()} />
      {crm.value.clicked.includes(one.id) && (
        <Button icon="outside" onPress={() => openRecord(one.id)}>
          {c().call.openRecord(crm.value.name)}
        </Button>
      )}
      {(over || crm.value.settings.log.enabled) && <Log one={one} over={over} />}
    </article>
  );
}

/** The colour that a call has. */
function tone({ state, primary }: InteractionView): string {
  return state === "started" && primary?.state === "held" ? primary.state : state;
}

function about(one: InteractionView): string {
  const number = numberOf(one.customer);
  const parts = [
    number && written(number) !== nameOf(one) ? written(number) : undefined,
    one.queue ? t().ring.via(queueName(one.queue)) : t().direction[one.direction],
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

function stateWord({ state, primary }: InteractionView): string {
  if (state === "started" && primary && primary.state !== "talking") return legState(primary);
  return state === "started" ? label("connected", t().state.started) : t().state[state];
}

function Legs({ one }: { readonly one: InteractionView }) {
  return (
    <ul class="legs">
      {one.primary && <Leg name={t().leg.primary} leg={one.primary} />}
      {one.consult && <Leg name={t().leg.consult} leg={one.consult} />}
    </ul>
  );
}

function Leg({ name, leg }: { readonly name: string; readonly leg: Conversation }) {
  return (
    <li>
      <small>{name}</small>
      <strong>{partiesOf(leg)}</strong>
      <span class="chip">{legState(leg)}</span>
    </li>
  );
}

/** What the CRM does not want to be offered. */
export function hidden(): readonly VerbName[] {
  const { transfer, conference, reject } = crm.value.settings.softphone;
  return [
    ...(transfer ? [] : (["transfer", "complete-transfer"] as const)),
    ...(conference ? [] : (["complete-conference"] as const)),
    ...(reject ? [] : (["reject"] as const)),
  ];
}
