import { may } from "../call/number.tsx";
import { agentStateName } from "../call/words.ts";
import { ask, isAsked } from "../store/asking.ts";
import { agent, floor, state } from "../store/desk.ts";
import { open } from "../store/view.ts";
import { t } from "../texts/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon, Logo } from "../ui/icon.tsx";
import { Menu, type MenuItem } from "../ui/menu.tsx";
import { Timer } from "../ui/timer.tsx";
import { KEYS } from "./keys.ts";
import { leave } from "./leave.tsx";
import { unread } from "./notices.tsx";

export function TopBar() {
  const look = (kind: "settings" | "help" | "notices" | "dial") => () => {
    open.value = { kind };
  };
  const count = unread.value;
  return (
    <header class="top-bar">
      <h1 class="unseen">{t().app}</h1>
      <Logo />
      <StateMenu />
      <Button
        icon="phone"
        shortcut={KEYS.dial}
        disabled={!may("dial")}
        asked={isAsked("agent", "dial")}
        onPress={look("dial")}
      >
        {t().controls.dial}
      </Button>
      <span class="space" />
      <span class={count > 0 ? "badge on" : "badge"}>
        <Button kind="quiet" icon="bell" label={t().notices.open(count)} onPress={look("notices")} />
      </span>
      <Button kind="quiet" icon="help" label={t().help.open} shortcut={KEYS.help} onPress={look("help")} />
      <Button kind="quiet" icon="gear" label={t().settings.title} onPress={look("settings")} />
    </header>
  );
}

function StateMenu() {
  const own = agent.value;
  if (!own) return null;
  const { state: word, since, next } = own;
  const asked = (["sign-in", "sign-out", "ready", "not-ready"] as const).some((verb) =>
    isAsked("agent", verb),
  );
  return (
    <Menu label={t().agent.state} items={choices()}>
      <span class={`dot ${word}`} aria-hidden="true" />
      <span class="state-words">
        <strong>
          <span class="unseen">{t().agent.state}: </span>
          {agentStateName(own)}
        </strong>
        <small>
          {own.name}
          {next && ` · ${t().agent.next(agentStateName(next))}`}
        </small>
      </span>
      {asked ? <span class="asked">{t().work.asked}</span> : <Timer since={since} unsaid />}
      <Icon name="chevron" />
    </Menu>
  );
}

function choices(): readonly MenuItem[] {
  const texts = t().agent;
  const items: MenuItem[] = [];
  if (may("sign-in")) items.push(item("sign-in", texts.signIn, "not-ready"));
  if (may("ready")) items.push(item("ready", texts.goReady, "ready"));
  if (may("not-ready")) items.push(...withReasons("not-ready", texts.goNotReady, texts.goNotReadyFor));
  if (may("sign-out")) items.push(...withReasons("sign-out", texts.signOut, texts.signOutFor));
  return [...items, { id: "leave", text: texts.leave, apart: true, onChoose: leave }];
}

/** One choice for each of the floor's reasons; where it has none, one without. */
function withReasons(
  verb: "not-ready" | "sign-out",
  plain: string,
  named: (reason: string) => string,
): readonly MenuItem[] {
  const dot = verb === "sign-out" ? "signed-out" : verb;
  const reasons = (floor.value?.reasons ?? []).filter((reason) => reason.use === verb);
  if (reasons.length === 0) return [{ ...item(verb, plain, dot), apart: true }];
  return reasons.map(({ code, name }, index) => ({
    id: `${verb}:${code}`,
    text: named(name),
    dot,
    apart: index === 0,
    onChoose: () => void ask("agent", { verb, reason: code }),
  }));
}

function item(verb: "sign-in" | "ready" | "not-ready" | "sign-out", text: string, dot: string): MenuItem {
  return { id: verb, text, dot, onChoose: () => void ask("agent", { verb }) };
}

/** Phone systems that cannot be reached: the agent should know why nothing works. */
export function switchesDown(): readonly string[] {
  const own = floor.value?.agents?.find((plan) => plan.id === agent.value?.id)?.switch;
  return Object.values(state.value.switches)
    .filter((one) => !one.up && one.id === own)
    .map((one) => one.id);
}
