/** What the agent is doing, and what it may do instead. */

import type { DeskStore } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Icon, Menu, type MenuItem } from "@cordboard/ui";
import { Timer } from "../call/timer.tsx";
import { useDesk } from "../context.tsx";

/** The verbs that change what the agent is doing. */
type StateVerb = (typeof VERBS)[number];

const VERBS = ["sign-in", "sign-out", "ready", "not-ready"] as const;

export interface StateMenuProps {
  /** What the state is called. */
  readonly name: string;
  /** Whether it is said for how long. */
  readonly timed: boolean;
  readonly items: readonly MenuItem[];
}

export function StateMenu({ name, timed, items }: StateMenuProps) {
  const { asking, names, session } = useDesk();
  const own = session.agent.value;
  if (!own) return null;
  const asked = VERBS.some((verb) => asking.isAsked("agent", verb));
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
      {asked && <span class="asked">{t().work.asked}</span>}
      {!asked && timed && <Timer since={own.since} unsaid />}
      <Icon name="chevron" />
    </Menu>
  );
}

export function stateItem({ asking }: DeskStore, verb: StateVerb, text: string): MenuItem {
  return { id: verb, text, dot: DOTS[verb], onChoose: () => void asking.ask("agent", { verb }) };
}

/** One choice for each of the floor's reasons; where it has none, one without. */
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
    onChoose: () => void desk.asking.ask("agent", { verb, reason: code }),
  }));
}

/** The state that a verb leads to. */
const DOTS: Readonly<Record<StateVerb, string>> = {
  "sign-in": "not-ready",
  "sign-out": "signed-out",
  ready: "ready",
  "not-ready": "not-ready",
};
