/** A call that rings: said aloud, shown above everything, answered or refused. */

import type { InteractionView, VerbName } from "@cordboard/client";
import { formatNumber, numberOf } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Avatar, Button } from "@cordboard/ui";
import { useDesk } from "../context.tsx";
import { KEYS } from "./keys.ts";
import { Timer } from "./timer.tsx";

/** @param without what is not offered, although it may be asked */
export function Rings({ without = [] }: { readonly without?: readonly VerbName[] }) {
  const { session, names } = useDesk();
  const ringing = session.interactions.value.filter((one) => one.state === "alerting");
  return (
    <>
      <div class="rings">
        {ringing.map((one) => (
          <Ring key={one.id} one={one} without={without} />
        ))}
      </div>
      <div class="unseen" role="alert">
        {ringing.map((one) => t().ring.from(names.nameOf(one))).join(". ")}
      </div>
    </>
  );
}

interface RingProps {
  readonly one: InteractionView;
  readonly without: readonly VerbName[];
}

function Ring({ one, without }: RingProps) {
  const { ring } = t();
  const { asking, names, view } = useDesk();
  const { nameOf, queueName } = names;
  const number = numberOf(one.customer);
  const about = [
    number && number !== nameOf(one) ? formatNumber(number) : undefined,
    one.queue ? ring.via(queueName(one.queue)) : undefined,
  ];
  return (
    <section class="ring" aria-label={ring.label}>
      <Avatar name={nameOf(one)} image={one.card?.image} />
      <div class="ring-who">
        <strong>{nameOf(one)}</strong>
        <span>{about.filter((part) => part !== undefined).join(" · ")}</span>
        {view.silent.value && <small>{ring.soundOff}</small>}
      </div>
      <Timer since={one.opened_at} />
      {one.can.includes("answer") && (
        <Button
          kind="good"
          icon="phone"
          shortcut={KEYS.answer}
          asked={asking.isAsked(one.id, "answer")}
          onPress={() => void asking.ask(one.id, { verb: "answer" })}
        >
          {ring.answer}
        </Button>
      )}
      {one.can.includes("reject") && !without.includes("reject") && (
        <Button
          kind="bad"
          icon="hangUp"
          shortcut={KEYS.reject}
          asked={asking.isAsked(one.id, "reject")}
          onPress={() => void asking.ask(one.id, { verb: "reject" })}
        >
          {ring.reject}
        </Button>
      )}
    </section>
  );
}
