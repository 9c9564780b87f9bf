import type { InteractionSummary, Items } from "@cordboard/client";
import { useEffect, useState } from "preact/hooks";
import { NumberLink } from "../call/number.tsx";
import { clock, dispositionName, nameOf, numberOf, queueName } from "../call/words.ts";
import { agent, fetched, http, state } from "../store/desk.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { length } from "./contact-card.tsx";

/** How many come at a time. */
const PAGE = 30;

export function History() {
  const { history } = t();
  const [items, setItems] = useState<readonly InteractionSummary[]>([]);
  const [next, setNext] = useState<string>();
  const own = agent.value?.id;
  const { completed } = state.value;

  async function load(before?: string): Promise<void> {
    const query = { agent: own, limit: PAGE, before };
    const page = await fetched(http.get<Items<InteractionSummary>>("/api/v1/history/interactions", query));
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
  const number = numberOf(one.customer);
  return (
    <tr>
      <td>
        <Icon name={one.direction} />
        <span class="unseen">{t().direction[one.direction]}</span> {clock(one.opened_at)}
      </td>
      <td>
        <strong>{nameOf(one)}</strong> {number && <NumberLink number={number} />}
      </td>
      <td>{one.queue && queueName(one.queue)}</td>
      <td class="timer">{length(summary)}</td>
      <td>{disposition ? dispositionName(disposition) : one.cause ? t().cause[one.cause] : ""}</td>
      <td class="notes">{notes}</td>
    </tr>
  );
}
