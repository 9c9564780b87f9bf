import type { DeskStore } from "@cordboard/desk-store";
import { KEYS, leave, Timer, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Icon, Logo, Menu, type MenuItem } from "@cordboard/ui";

export function TopBar() {
  const { asking, notices, view } = useDesk();
  const look = (kind: "settings" | "help" | "notices" | "dial") => () => {
    view.open.value = { kind };
  };
  const count = notices.unread.value;
  return (
    <header class="top-bar">
      <h1 class="unseen">{t().app}</h1>
      <Logo />
      <StateMenu />
      <Button
        icon="phone"
        shortcut={KEYS.dial}
        disabled={!asking.may("dial")}
        asked={asking.isAsked("agent", "dial")}
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
  const desk = useDesk();
  const { asking, names, session } = desk;
  const { agentStateName } = names;
  const own = session.agent.value;
  if (!own) return null;
  const { state: word, since, next } = own;
  const asked = (["sign-in", "sign-out", "ready", "not-ready"] as const).some((verb) =>
    asking.isAsked("agent", verb),
  );
  return (
    <Menu label={t().agent.state} items={choices(desk)}>
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

function choices(desk: DeskStore): readonly MenuItem[] {
  const texts = t().agent;
  const { may } = desk.asking;
  const items: MenuItem[] = [];
  if (may("sign-in")) items.push(item(desk, "sign-in", texts.signIn, "not-ready"));
  if (may("ready")) items.push(item(desk, "ready", texts.goReady, "ready"));
  if (may("not-ready")) items.push(...withReasons(desk, "not-ready", texts.goNotReady, texts.goNotReadyFor));
  if (may("sign-out")) items.push(...withReasons(desk, "sign-out", texts.signOut, texts.signOutFor));
  return [...items, { id: "leave", text: texts.leave, apart: true, onChoose: () => leave(desk) }];
}

/** One choice for each of the floor's reasons; where it has none, one without. */
function withReasons(
  desk: DeskStore,
  verb: "not-ready" | "sign-out",
  plain: string,
  named: (reason: string) => string,
): readonly MenuItem[] {
  const dot = verb === "sign-out" ? "signed-out" : verb;
  const reasons = (desk.session.floor.value?.reasons ?? []).filter((reason) => reason.use === verb);
  if (reasons.length === 0) return [{ ...item(desk, verb, plain, dot), apart: true }];
  return reasons.map(({ code, name }, index) => ({
    id: `${verb}:${code}`,
    text: named(name),
    dot,
    apart: index === 0,
    onChoose: () => void desk.asking.ask("agent", { verb, reason: code }),
  }));
}

function item(
  desk: DeskStore,
  verb: "sign-in" | "ready" | "not-ready" | "sign-out",
  text: string,
  dot: string,
): MenuItem {
  return { id: verb, text, dot, onChoose: () => void desk.asking.ask("agent", { verb }) };
}
