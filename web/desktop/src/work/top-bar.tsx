import type { DeskStore } from "@cordboard/desk-store";
import { KEYS, reasonItems, StateMenu, signOutAndClose, stateItem, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Logo, type MenuItem } from "@cordboard/ui";

export function TopBar() {
  const { commands, notices, view } = useDesk();
  const open = (kind: "settings" | "help" | "notices" | "dial") => () => {
    view.dialog.value = { kind };
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
        disabled={!commands.isAllowed("dial")}
        pending={commands.isPending("agent", "dial")}
        onPress={open("dial")}
      >
        {t().controls.dial}
      </Button>
      <span class="space" />
      <span class={count > 0 ? "badge on" : "badge"}>
        <Button kind="quiet" icon="bell" label={t().notices.open(count)} onPress={open("notices")} />
      </span>
      <Button kind="quiet" icon="help" label={t().help.open} shortcut={KEYS.help} onPress={open("help")} />
      <Button kind="quiet" icon="gear" label={t().settings.title} onPress={open("settings")} />
    </header>
  );
}

function OwnState() {
  const desk = useDesk();
  const own = desk.session.agent.value;
  if (!own) return null;
  const timed = own.state !== "signed-out";
  return <StateMenu name={desk.names.agentStateName(own)} timed={timed} items={choices(desk)} />;
}

function choices(desk: DeskStore): readonly MenuItem[] {
  const texts = t().agent;
  const { isAllowed } = desk.commands;
  const items: MenuItem[] = [];
  if (isAllowed("sign-in")) items.push(stateItem(desk, "sign-in", texts.signIn));
  if (isAllowed("ready")) items.push(stateItem(desk, "ready", texts.goReady));
  if (isAllowed("not-ready"))
    items.push(...reasonItems(desk, "not-ready", texts.goNotReady, texts.goNotReadyFor));
  if (isAllowed("sign-out")) items.push(...reasonItems(desk, "sign-out", texts.signOut, texts.signOutFor));
  if (MOVES.has(desk.session.agent.value?.state))
    items.push({
      id: "phone-and-queues",
      text: texts.phoneAndQueues,
      apart: true,
      onChoose: () => {
        desk.view.dialog.value = { kind: "phone-and-queues" };
      },
    });
  return [
    ...items,
    {
      id: "sign-out-and-close",
      text: texts.signOutAndClose,
      apart: true,
      onChoose: () => signOutAndClose(desk),
    },
  ];
}

/** The states in which an agent can change the phone and the queues. */
const MOVES: ReadonlySet<string | undefined> = new Set(["signed-out", "not-ready", "ready"]);
