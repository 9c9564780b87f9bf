import type { AgentView } from "@cordboard/client";
import { formatNumber } from "@cordboard/desk-store";
import { Timer, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";

/** The order of states in the table. */
const STATES = ["ready", "busy", "wrap-up", "not-ready", "signed-out"] as const;

/** How many agents the table shows. */
const SHOWN_MAX = 200;

/** All agents with their states, updated by the event stream. */
export function AgentTable() {
  const { names, session } = useDesk();
  const agents = Object.values(session.state.value.agents).sort(byState);
  const { overview } = t();
  const columns = [
    overview.name,
    overview.id,
    overview.state,
    overview.since,
    overview.phone,
    overview.queues,
  ];
  return (
    <section class="panel" aria-label={overview.agents}>
      <header>
        <h3>{overview.agents}</h3>
        <StateCounts agents={agents} />
      </header>
      {agents.length === 0 && <p class="empty">{overview.noAgents}</p>}
      {agents.length > 0 && (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                {columns.map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {agents.slice(0, SHOWN_MAX).map((agent) => (
                <tr key={agent.id}>
                  <td>{agent.name}</td>
                  <td>{agent.id}</td>
                  <td>
                    <span class="chip">
                      <span class={`dot ${agent.state}`} aria-hidden="true" />
                      {names.agentStateName(agent)}
                    </span>
                  </td>
                  <td>{agent.state !== "signed-out" && <Timer since={agent.since} />}</td>
                  <td>{agent.device != null && formatNumber(agent.device)}</td>
                  <td>{agent.queues.map(names.queueName).join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {agents.length > SHOWN_MAX && <p>{overview.more(agents.length - SHOWN_MAX)}</p>}
    </section>
  );
}

/** The number of agents in each state. */
function StateCounts({ agents }: { readonly agents: readonly AgentView[] }) {
  const counts = STATES.map((state) => ({
    state,
    count: agents.filter((agent) => agent.state === state).length,
  }));
  return (
    <span class="counts">
      {counts
        .filter(({ count }) => count > 0)
        .map(({ state, count }) => (
          <span key={state} class="chip">
            <span class={`dot ${state}`} aria-hidden="true" />
            {t().agent[state]}: {count}
          </span>
        ))}
    </span>
  );
}

function byState(one: AgentView, other: AgentView): number {
  return STATES.indexOf(one.state) - STATES.indexOf(other.state) || one.id.localeCompare(other.id);
}
