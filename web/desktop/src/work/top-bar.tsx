import type { DeskStore } from "@cordboard/desk-store";
import { KEYS, leave, reasonItems, StateMenu, stateItem, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Logo, type MenuItem } from "@cordboard/ui";

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
      <OwnState />
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

function OwnState() {
  const desk = useDesk();
  const own = desk.session.agent.value;
  return own ? <StateMenu name={desk.names.agentStateName(own)} timed items={choices(desk)} /> : null;
}

function choices(desk: DeskStore): readonly MenuItem[] {
  const texts = t().agent;
  const { may } = desk.asking;
  const items: MenuItem[] = [];
  if (may("sign-in")) items.push(stateItem(desk, "sign-in", texts.signIn));
  if (may("ready")) items.push(stateItem(desk, "ready", texts.goReady));
  if (may("not-ready")) items.push(...reasonItems(desk, "not-ready", texts.goNotReady, texts.goNotReadyFor));
  if (may("sign-out")) items.push(...reasonItems(desk, "sign-out", texts.signOut, texts.signOutFor));
  return [...items, { id: "leave", text: texts.leave, apart: true, onChoose: () => leave(desk) }];
}
