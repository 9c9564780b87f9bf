/** The agent’s state, with a menu to change it. */

import type { DeskStore } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Icon, Menu, type MenuItem } from "@cordboard/ui";
import { Timer } from "../call/timer.tsx";
import { useDesk } from "../context.tsx";

/** The verbs that change the agent’s state. */
type StateVerb = (typeof VERBS)[number];

const VERBS = ["sign-in", "sign-out", "ready", "not-ready"] as const;

export interface StateMenuProps {
  /** The name of the state. */
  readonly name: string;
  /** Whether to show the time in this state. */
  readonly timed: boolean;
  readonly items: readonly MenuItem[];
}

export function StateMenu({ name, timed, items }: StateMenuProps) {
  const { commands, names, session } = useDesk();
  const own = session.agent.value;
  if (!own) return null;
  const pending = VERBS.some((verb) => commands.isPending("agent", verb));
  return (
    <Menu label={t().agent.state} items={items}>
      <span class={`dot ${own.state}`} aria-hidden="true" />
      <span class="state-words">
        <strong>
          <span class="unseen">{t().agent.state}: </span>
          {name}
        </strong>
        <small>
          {own.name}
          {own.next && ` · ${t().agent.next(names.agentStateName(own.next))}`}
        </small>
      </span>
      {pending && <span class="pending">{t().work.pending}</span>}
      {!pending && timed && <Timer since={own.since} unsaid />}
      <Icon name="chevron" />
    </Menu>
  );
}

export function stateItem({ commands }: DeskStore, verb: StateVerb, text: string): MenuItem {
  return { id: verb, text, dot: DOTS[verb], onChoose: () => void commands.send("agent", { verb }) };
}

/** One item for each configured reason, or one item without a reason if there are none. */
export function reasonItems(
  desk: DeskStore,
  verb: "not-ready" | "sign-out",
  plain: string,
  named: (reason: string) => string,
): readonly MenuItem[] {
  const reasons = (desk.session.floor.value?.reasons ?? []).filter(({ use }) => use === verb);
  if (reasons.length === 0) return [{ ...stateItem(desk, verb, plain), apart: true }];
  return reasons.map(({ code, name }, index) => ({
    id: `${verb}:${code}`,
    text: named(name),
    dot: DOTS[verb],
    apart: index === 0,
    onChoose: () => void desk.commands.send("agent", { verb, reason: code }),
  }));
}

/** The state after each verb, for the color of the dot. */
const DOTS: Readonly<Record<StateVerb, string>> = {
  "sign-in": "not-ready",
  "sign-out": "signed-out",
  ready: "ready",
  "not-ready": "not-ready",
};
