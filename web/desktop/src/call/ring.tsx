/** A call that rings: said aloud, shown above everything, answered or refused. */

import type { InteractionView, VerbName } from "@cordboard/client";
import { ask, isAsked } from "../store/asking.ts";
import { interactions } from "../store/desk.ts";
import { t } from "../texts/index.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { Timer } from "../ui/timer.tsx";
import { KEYS } from "../work/keys.ts";
import { silent } from "./alert.ts";
import { nameOf, numberOf, queueName, shown } from "./words.ts";

/** @param without what is not offered, although it may be asked */
export function Rings({ without = [] }: { readonly without?: readonly VerbName[] }) {
  const ringing = interactions.value.filter((one) => one.state === "alerting");
  return (
    <>
      <div class="rings">
        {ringing.map((one) => (
          <Ring key={one.id} one={one} without={without} />
        ))}
      </div>
      <div class="unseen" role="alert">
        {ringing.map((one) => t().ring.from(nameOf(one))).join(". ")}
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
  const number = numberOf(one.customer);
  const about = [
    number && number !== nameOf(one) ? shown(number) : undefined,
    one.queue ? ring.via(queueName(one.queue)) : undefined,
  ];
  return (
    <section class="ring" aria-label={ring.label}>
      <Avatar name={nameOf(one)} image={one.card?.image} />
      <div class="ring-who">
        <strong>{nameOf(one)}</strong>
        <span>{about.filter((part) => part !== undefined).join(" · ")}</span>
        {silent.value && <small>{ring.soundOff}</small>}
      </div>
      <Timer since={one.opened_at} />
      {one.can.includes("answer") && (
        <Button
          kind="good"
          icon="phone"
          shortcut={KEYS.answer}
          asked={isAsked(one.id, "answer")}
          onPress={() => void ask(one.id, { verb: "answer" })}
        >
          {ring.answer}
        </Button>
      )}
      {one.can.includes("reject") && !without.includes("reject") && (
        <Button
          kind="bad"
          icon="hangUp"
          shortcut={KEYS.reject}
          asked={isAsked(one.id, "reject")}
          onPress={() => void ask(one.id, { verb: "reject" })}
        >
          {ring.reject}
        </Button>
      )}
    </section>
  );
}
