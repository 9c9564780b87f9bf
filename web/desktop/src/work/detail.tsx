/** The details of one interaction. */

import type { Conversation, InteractionView } from "@cordboard/client";
import { legState, numberOf } from "@cordboard/desk-store";
import { Controls, NumberLink, Timer, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Avatar } from "@cordboard/ui";
import { ContactCard } from "./contact-card.tsx";
import { chip, since, tone } from "./interaction-list.tsx";
import { Log } from "./log.tsx";
import { WrapUp } from "./wrap-up.tsx";

export function Detail({ one }: { readonly one: InteractionView }) {
  const { nameOf } = useDesk().names;
  return (
    <article class="detail" aria-label={nameOf(one)}>
      <Head one={one} />
      <Controls one={one} />
      <Legs one={one} />
      <div class="cards">
        {one.state !== "alerting" && <WrapUp key={`wrap-${one.id}`} one={one} />}
        <ContactCard one={one} />
        <Log key={`log-${one.id}`} one={one} />
      </div>
    </article>
  );
}

function Head({ one }: { readonly one: InteractionView }) {
  const { nameOf, queueName } = useDesk().names;
  const number = numberOf(one.customer);
  const facts = [
    t().direction[one.direction],
    one.queue && queueName(one.queue),
    t().work.number(one.number),
  ];
  return (
    <header class={`head ${tone(one)}`}>
      <Avatar name={nameOf(one)} image={one.card?.image} />
      <div class="head-who">
        <h2>{nameOf(one)}</h2>
        <p>
          {number && <NumberLink number={number} />}
          <span>{facts.filter(Boolean).join(" · ")}</span>
        </p>
        <Marks one={one} />
      </div>
      <div class="head-state">
        <span class="chip">{one.cause ? `${chip(one)} · ${t().cause[one.cause]}` : chip(one)}</span>
        <Timer since={since(one)} />
      </div>
    </header>
  );
}

/** States that the agent must notice: muted, recording, recording paused. */
function Marks({ one }: { readonly one: InteractionView }) {
  const { controls } = t();
  const live = one.state === "started";
  return (
    <div class="marks">
      {live && one.muted && <span class="mark warn">{controls.muted}</span>}
      {live && one.masked && <span class="mark warn">{controls.masked}</span>}
      {live && one.recording && !one.masked && <span class="mark rec">{controls.recording}</span>}
    </div>
  );
}

/** The conversations, if there are two or if there are several parties. */
function Legs({ one }: { readonly one: InteractionView }) {
  const { primary, consult } = one;
  const several = consult || (primary && primary.parties.length > 1);
  if (!several) return null;
  return (
    <div class="legs">
      {primary && <LegLine name={t().leg.primary} leg={primary} />}
      {consult && <LegLine name={t().leg.consult} leg={consult} />}
    </div>
  );
}

function LegLine({ name, leg }: { readonly name: string; readonly leg: Conversation }) {
  return (
    <section class={`leg ${leg.state}`} aria-label={name}>
      <strong>{name}</strong>
      <span>{useDesk().names.partiesOf(leg)}</span>
      <span class="chip">{legState(leg)}</span>
      {leg.state === "talking" && leg.talking_at != null && <Timer since={leg.talking_at} />}
    </section>
  );
}
