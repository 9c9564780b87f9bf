import type { Interaction, InteractionSummary } from "@cordboard/client";
import { formatTime, numberOf } from "@cordboard/desk-store";
import { NumberLink, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Icon, Pairs } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { useLink } from "../crm/context.ts";
import type { Saved } from "../crm/words.ts";
import { c } from "../texts/index.ts";

/** How many earlier calls are shown. */
const SHOWN = 20;

export function History() {
  const [calls, setCalls] = useState<readonly InteractionSummary[]>([]);
  const { agent, fetched, http, state } = useDesk().session;
  const own = agent.value?.id;
  const { completed } = state.value;
  useEffect(() => {
    const query = { agent: own, limit: SHOWN };
    void fetched(http.get("/api/v1/history/interactions", query)).then((page) => {
      if (page) setCalls(page.items);
    });
  }, [http, fetched, own, completed]);
  const { history, name, settings } = useLink().crm.value;
  const texts = c().history;
  const byId = new Map(calls.map(({ interaction }) => [interaction.id, interaction]));
  return (
    <div class="history">
      {settings.log.enabled && (
        <section aria-label={texts.saved(name)}>
          <h3>{texts.saved(name)}</h3>
          {history.length === 0 && <p class="empty">{texts.noneSaved}</p>}
          {history.map((saved) => (
            <SavedLog key={saved.task_id} saved={saved} call={byId.get(saved.interaction)} />
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

function SavedLog({ saved, call }: { readonly saved: Saved; readonly call: Interaction | undefined }) {
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
