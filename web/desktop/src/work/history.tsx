import type { Interaction, InteractionSummary } from "@cordboard/client";
import { formatDuration, formatTime, numberOf } from "@cordboard/desk-store";
import { NumberLink, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Icon } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { length } from "./contact-card.tsx";

/** How many interactions are loaded at a time. */
const PAGE = 30;

export function History() {
  const { history } = t();
  const { agent, unwrap, http, state } = useDesk().session;
  const [items, setItems] = useState<readonly InteractionSummary[]>([]);
  const [next, setNext] = useState<string | null>();
  const own = agent.value?.id;
  const { completed } = state.value;

  async function load(before?: string): Promise<void> {
    const query = { agent: own, limit: PAGE, before };
    const page = await unwrap(http.get("/api/v1/history/interactions", query));
    if (!page) return;
    setItems((shown) => (before ? [...shown, ...page.items] : page.items));
    setNext(page.next);
  }

  useEffect(() => void load(), [own, completed]);

  return (
    <section class="page" aria-label={history.title}>
      <h2 class="unseen">{history.title}</h2>
      {items.length === 0 && <p class="empty">{history.none}</p>}
      {items.length > 0 && (
        <table>
          <thead>
            <tr>
              {[history.when, history.who, history.queue, history.length, history.outcome, history.notes].map(
                (title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {items.map((summary) => (
              <Row key={summary.interaction.id} summary={summary} />
            ))}
          </tbody>
        </table>
      )}
      {next && <Button onPress={() => void load(next)}>{history.more}</Button>}
    </section>
  );
}

function Row({ summary }: { readonly summary: InteractionSummary }) {
  const { interaction: one, disposition, notes } = summary;
  const { dispositionName, nameOf, queueName } = useDesk().names;
  const number = numberOf(one.customer);
  return (
    <tr>
      <td>
        <Icon name={one.direction} />
        <span class="unseen">{t().direction[one.direction]}</span> {formatTime(one.opened_at)}
      </td>
      <td>
        <strong>{nameOf(one)}</strong> {number && <NumberLink number={number} />}
      </td>
      <td>{one.queue && queueName(one.queue)}</td>
      <td class="timer">{length(summary)}</td>
      <td>
        {disposition ? dispositionName(disposition) : one.cause ? t().cause[one.cause] : ""}
        <Course one={one} />
      </td>
      <td class="notes">{notes}</td>
    </tr>
  );
}

/** Who received the customer, who was in the conference, and how long the customer was on hold. */
function Course({ one }: { readonly one: Interaction }) {
  const { partyName } = useDesk().names;
  const { history } = t();
  const place = JSON.stringify(one.customer.at);
  const others = (one.conference ?? []).filter((party) => JSON.stringify(party.at) !== place);
  const lines = [
    ...(one.transferred_to ? [history.transferredTo(partyName(one.transferred_to))] : []),
    ...(others.length > 0 ? [history.conferenceWith(others.map(partyName).join(", "))] : []),
    ...(one.held_ms ? [history.onHold(formatDuration(one.held_ms))] : []),
  ];
  return (
    <>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </>
  );
}
