/** The root component of the softphone. */

import { Digits, IncomingCalls, NoAgent, Picker, SignIn, SignOutDialog, useDesk } from "@cordboard/desk-ui";
import { Button, Icon, type IconName, Logo } from "@cordboard/ui";
import { useCrmLink } from "./crm/context.ts";
import type { Crm } from "./crm/crm.ts";
import { c } from "./texts/index.ts";
import { Calls, hidden } from "./work/call.tsx";
import { Dial } from "./work/dial.tsx";
import { History } from "./work/history.tsx";
import { CrmDialog, Inbox, Toasts } from "./work/messages.tsx";
import { PeoplePage } from "./work/people.tsx";
import { OwnState } from "./work/state-menu.tsx";
import { Refused, StatusBanner } from "./work/status-banner.tsx";
import { type Place, place } from "./work/view.ts";

export function App() {
  const { account } = useDesk().session;
  const { crm, openReports } = useCrmLink();
  if (!account.value) return <SignInPage />;
  if (account.value.principal.agent == null) return <NoAgent />;
  if (crm.value.phase === "refused") return <Refused />;
  return (
    <>
      <div class="top">
        <OwnState />
        {crm.value.settings.softphone.reports && crm.value.phase === "active" && (
          <Button kind="quiet" icon="report" label={c().menu.reports} onPress={openReports} />
        )}
      </div>
      <StatusBanner />
      <IncomingCalls without={hidden(crm.value)} />
      <main class="place" aria-label={c().title}>
        <Section />
      </main>
      <Nav />
      <Dialogs />
      <CrmDialog />
      <Toasts />
    </>
  );
}

/** The sign-in page. It opens a session only: the agent signs in with the menu, or the CRM page does it. */
function SignInPage() {
  return (
    <SignIn label={c().title}>
      <Logo />
      <h1>{c().signIn}</h1>
    </SignIn>
  );
}

function Section() {
  switch (place.value) {
    case "calls":
      return <Calls />;
    case "dial":
      return <Dial />;
    case "people":
      return <PeoplePage />;
    case "history":
      return <History />;
    case "messages":
      return <Inbox />;
  }
}

const ICONS: Readonly<Record<Place, IconName>> = {
  calls: "phone",
  dial: "digits",
  people: "person",
  history: "clock",
  messages: "bell",
};

function Nav() {
  const { nav } = c();
  const { crm, notifications } = useCrmLink();
  return (
    <nav aria-label={nav.label}>
      {places(crm.value).map((id) => (
        <button
          key={id}
          type="button"
          aria-current={place.value === id ? "page" : undefined}
          onClick={() => {
            place.value = id;
          }}
        >
          <Icon name={ICONS[id]} />
          <span>{nav[id]}</span>
          {id === "messages" && notifications.value.inbox.length > 0 && (
            <span class="count">{notifications.value.inbox.length}</span>
          )}
        </button>
      ))}
    </nav>
  );
}

/** The sections that the settings of the CRM page show. */
function places({ settings: { softphone, log } }: Crm): readonly Place[] {
  return [
    "calls",
    ...(softphone.dial_pad ? (["dial", "people"] as const) : []),
    ...(softphone.history || log.enabled ? (["history"] as const) : []),
    ...(softphone.notifications ? (["messages"] as const) : []),
  ];
}

function Dialogs() {
  const current = useDesk().view.dialog.value;
  switch (current?.kind) {
    case "consult":
    case "transfer":
      return <Picker {...current} />;
    case "digits":
      return <Digits interaction={current.interaction} />;
    case "sign-out":
      return <SignOutDialog />;
    default:
      return null;
  }
}
