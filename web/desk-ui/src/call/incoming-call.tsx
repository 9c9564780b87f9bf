/** Ringing calls, shown above the page and announced by screen readers. */

import type { InteractionView, VerbName } from "@cordboard/client";
import { formatNumber, numberOf } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Avatar, Button } from "@cordboard/ui";
import { useDesk } from "../context.tsx";
import { KEYS } from "./keys.ts";
import { Timer } from "./timer.tsx";

/** @param without verbs to leave out */
export function IncomingCalls({ without = [] }: { readonly without?: readonly VerbName[] }) {
  const { session, names } = useDesk();
  const ringing = session.interactions.value.filter((one) => one.state === "alerting");
  return (
    <>
      <div class="rings">
        {ringing.map((one) => (
          <IncomingCall key={one.id} one={one} without={without} />
        ))}
      </div>
      <div class="unseen" role="alert">
        {ringing.map((one) => t().ring.from(names.nameOf(one))).join(". ")}
      </div>
    </>
  );
}

interface IncomingCallProps {
  readonly one: InteractionView;
  readonly without: readonly VerbName[];
}

function IncomingCall({ one, without }: IncomingCallProps) {
  const { ring } = t();
  const { commands, names, view } = useDesk();
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
        {view.soundBlocked.value && <small>{ring.soundOff}</small>}
      </div>
      <Timer since={one.opened_at} />
      {one.can.includes("answer") && (
        <Button
          kind="good"
          icon="phone"
          shortcut={KEYS.answer}
          pending={commands.isPending(one.id, "answer")}
          onPress={() => void commands.send(one.id, { verb: "answer" })}
        >
          {ring.answer}
        </Button>
      )}
      {one.can.includes("reject") && !without.includes("reject") && (
        <Button
          kind="bad"
          icon="hangUp"
          shortcut={KEYS.reject}
          pending={commands.isPending(one.id, "reject")}
          onPress={() => void commands.send(one.id, { verb: "reject" })}
        >
          {ring.reject}
        </Button>
      )}
    </section>
  );
}
