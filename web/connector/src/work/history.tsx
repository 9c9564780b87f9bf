import type { Interaction, InteractionSummary } from "@cordboard/client";
import { formatTime, numberOf } from "@cordboard/desk-store";
import { NumberLink, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Icon, Pairs } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { useCrmLink } from "../crm/context.ts";
import type { SavedLog } from "../crm/session-messages.ts";
import { c } from "../texts/index.ts";

/** How many earlier calls are shown. */
const SHOWN = 20;

export function History() {
  const [calls, setCalls] = useState<readonly InteractionSummary[]>([]);
  const { agent, unwrap, http, state } = useDesk().session;
  const own = agent.value?.id;
  const { completed } = state.value;
  useEffect(() => {
    const query = { agent: own, limit: SHOWN };
    void unwrap(http.get("/api/v1/history/interactions", query)).then((page) => {
      if (page) setCalls(page.items);
    });
  }, [http, unwrap, own, completed]);
  const { history, name, settings } = useCrmLink().crm.value;
  const texts = c().history;
  const byId = new Map(calls.map(({ interaction }) => [interaction.id, interaction]));
  return (
    <div class="history">
      {settings.log.enabled && (
        <section aria-label={texts.saved(name)}>
          <h3>{texts.saved(name)}</h3>
          {history.length === 0 && <p class="empty">{texts.noneSaved}</p>}
          {history.map((saved) => (
            <SavedLogItem key={saved.task_id} saved={saved} call={byId.get(saved.interaction)} />
          ))}
        </section>
      )}
      {settings.softphone.history && (
        <section aria-label={texts.calls}>
          <h3>{texts.calls}</h3>
          {calls.length === 0 && <p class="empty">{texts.noCalls}</p>}
          <ul class="plain-list">
            {calls.map(({ interaction }) => (
              <li key={interaction.id} class="past">
                <Line call={interaction} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function SavedLogItem({ saved, call }: { readonly saved: SavedLog; readonly call: Interaction | undefined }) {
  const { nameOf } = useDesk().names;
  return (
    <details class="saved-log">
      <summary>
        <strong>{call ? nameOf(call) : saved.task_id}</strong>
        {call && <small>{formatTime(call.opened_at)}</small>}
      </summary>
      <Pairs pairs={saved.parameters} />
    </details>
  );
}

function Line({ call }: { readonly call: Interaction }) {
  const { nameOf } = useDesk().names;
  const number = numberOf(call.customer);
  return (
    <>
      <Icon name={call.direction} />
      <span class="unseen">{t().direction[call.direction]}</span>
      <span class="past-who">
        <strong>{nameOf(call)}</strong>
        <small>{formatTime(call.opened_at)}</small>
      </span>
      {number && <NumberLink number={number} />}
    </>
  );
}
