/** Past interactions of all agents with this customer. The server allows access while the agent has a call with the customer. */

import type { InteractionSummary, InteractionView } from "@cordboard/client";
import { formatTime, numberOf } from "@cordboard/desk-store";
import { consultCustomer, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Icon } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { length } from "./contact-card.tsx";

/** How many past interactions are shown. */
const SHOWN_MAX = 8;

export function Past({ one }: { readonly one: InteractionView }) {
  const past = usePast(one);
  return (
    <section class="panel" aria-label={t().contact.past}>
      <h3>{t().contact.past}</h3>
      {past?.length === 0 && <p class="empty">{t().contact.noPast}</p>}
      <ul class="plain-list">
        {(past ?? []).map((summary) => (
          <Line key={summary.interaction.id} summary={summary} />
        ))}
      </ul>
    </section>
  );
}

/** The past interactions; undefined until they are loaded. */
function usePast(one: InteractionView): readonly InteractionSummary[] | undefined {
  const { unwrap, http, state } = useDesk().session;
  const [past, setPast] = useState<readonly InteractionSummary[]>();
  const contact = one.contact?.id;
  const number = consultCustomer(one)?.number ?? numberOf(one.customer);
  const { completed } = state.value;
  useEffect(() => {
    let current = true;
    const query = contact ? { contact, limit: SHOWN_MAX } : { number, limit: SHOWN_MAX };
    if (!contact && !number) return setPast([]);
    void unwrap(http.get("/api/v1/history/interactions", query)).then((found) => {
      if (current) setPast(found?.items ?? []);
    });
    return () => {
      current = false;
    };
  }, [http, unwrap, contact, number, completed]);
  return past;
}

function Line({ summary }: { readonly summary: InteractionSummary }) {
  const { interaction, disposition, notes } = summary;
  const { agentName, dispositionName } = useDesk().names;
  return (
    <li class="past">
      <span>
        <Icon name={interaction.direction} />
        <span class="unseen">{t().direction[interaction.direction]}</span>{" "}
        <time dateTime={new Date(interaction.opened_at).toISOString()}>
          {formatTime(interaction.opened_at)}
        </time>
      </span>
      <span>{agentName(interaction.agent)}</span>
      <span>{length(summary)}</span>
      {disposition && <span class="chip">{dispositionName(disposition)}</span>}
      {notes && <p title={notes}>{notes}</p>}
    </li>
  );
}
