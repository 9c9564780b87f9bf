/** The agent's calls: one with all details, and the others as a list. */

import type { Conversation, InteractionView, VerbName } from "@cordboard/client";
import { formatNumber, legState, type Names, numberOf } from "@cordboard/desk-store";
import { Controls, Timer, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Avatar, Button, Icon } from "@cordboard/ui";
import { useCrmLink } from "../crm/context.ts";
import type { Crm } from "../crm/crm.ts";
import type { CrmLink } from "../crm/link.ts";
import { c } from "../texts/index.ts";
import { Log } from "./log.tsx";

export function Calls() {
  const { names, session, view } = useDesk();
  const { interactions } = session;
  const all = interactions.value.filter(({ state }) => state !== "alerting");
  const one = all.find(({ id }) => id === view.shown.value?.id) ?? all.at(-1);
  // Ringing calls are shown above the page.
  if (!one) return interactions.value.length > 0 ? null : <Idle />;
  const others = all.filter(({ id }) => id !== one.id);
  return (
    <div class="calls">
      {others.map((other) => (
        <button
          key={other.id}
          type="button"
          class={`card ${other.state}`}
          onClick={() => view.choose(other.id)}
        >
          <Avatar name={names.nameOf(other)} />
          <span class="card-who">
            <strong>{names.nameOf(other)}</strong>
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
  const state = useDesk().session.agent.value?.state ?? "signed-out";
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
  const { names } = useDesk();
  const link = useCrmLink();
  const crm = link.crm.value;
  const name = names.nameOf(one);
  const over = one.state === "ended";
  return (
    <article class={`call ${tone(one)}`} aria-label={name}>
      <header>
        <Avatar name={name} image={one.card?.image} />
        <div class="call-who">
          <h2>{name}</h2>
          <p>{about(one, names)}</p>
        </div>
      </header>
      <p class="call-state">
        <span class="chip">{stateWord(one, link)}</span>
        <Timer since={one.ended_at ?? one.started_at ?? one.opened_at} />
      </p>
      {one.consult && <Legs one={one} />}
      <Controls one={one} without={hidden(crm)} />
      {crm.clicked.includes(one.id) && (
        <Button icon="outside" onPress={() => link.openRecord(one.id)}>
          {c().call.openRecord(crm.name)}
        </Button>
      )}
      {(over || crm.settings.log.enabled) && <Log one={one} over={over} />}
    </article>
  );
}

/** The CSS class for the color of a call. */
function tone({ state, primary }: InteractionView): string {
  return state === "started" && primary?.state === "held" ? primary.state : state;
}

function about(one: InteractionView, { nameOf, queueName }: Names): string {
  const number = numberOf(one.customer);
  const parts = [
    number && formatNumber(number) !== nameOf(one) ? formatNumber(number) : undefined,
    one.queue ? t().ring.via(queueName(one.queue)) : t().direction[one.direction],
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

function stateWord({ state, primary }: InteractionView, { label }: CrmLink): string {
  if (state === "started" && primary && primary.state !== "talking") return legState(primary);
  return state === "started" ? label("connected", t().state.started) : t().state[state];
}

function Legs({ one }: { readonly one: InteractionView }) {
  return (
    <ul class="legs">
      {one.primary && <Leg name={t().leg.primary} leg={one.primary} />}
      {one.consult && <Leg name={t().leg.consult} leg={one.consult} consults={one.id} />}
    </ul>
  );
}

interface LegProps {
  readonly name: string;
  readonly leg: Conversation;
  /** The interaction, for its consultation. */
  readonly consults?: string;
}

/** A leg of the call. A person who was clicked in the CRM has the name of the record. */
function Leg({ name, leg, consults = "" }: LegProps) {
  const { crm, openConsultedRecord } = useCrmLink();
  const { partiesOf } = useDesk().names;
  const record = crm.value.consulted[consults];
  return (
    <li>
      <small>{name}</small>
      <strong>{record || partiesOf(leg)}</strong>
      <span class="chip">{legState(leg)}</span>
      {record !== undefined && (
        <Button icon="outside" onPress={() => openConsultedRecord(consults)}>
          {c().call.openRecord(crm.value.name)}
        </Button>
      )}
    </li>
  );
}

/** Verbs that the settings of the CRM page hide. */
export function hidden({ settings }: Crm): readonly VerbName[] {
  const { transfer, conference, reject } = settings.softphone;
  return [
    ...(transfer ? [] : (["transfer", "complete-transfer"] as const)),
    ...(conference ? [] : (["merge"] as const)),
    ...(reject ? [] : (["reject"] as const)),
  ];
}
