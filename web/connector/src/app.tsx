/** The whole softphone. */

import { Digits, Leave, NoAgent, Picker, Rings, SignIn, useDesk } from "@cordboard/desk-ui";
import { Button, Icon, type IconName, Logo } from "@cordboard/ui";
import { useLink } from "./crm/context.ts";
import type { Crm } from "./crm/crm.ts";
import { c } from "./texts/index.ts";
import { Book } from "./work/book.tsx";
import { Calls, hidden } from "./work/call.tsx";
import { Dial } from "./work/dial.tsx";
import { History } from "./work/history.tsx";
import { CrmDialog, Kept, Passing } from "./work/messages.tsx";
import { Refused, Standing } from "./work/standing.tsx";
import { OwnState } from "./work/state-menu.tsx";
import { type Place, place } from "./work/view.ts";

export function App() {
  const { account } = useDesk().session;
  const { crm, openReports } = useLink();
  if (!account.value) return <Enter />;
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
      <Standing />
      <Rings without={hidden(crm.value)} />
      <main class="place" aria-label={c().title}>
        <Shown />
      </main>
      <Nav />
      <Picked />
      <CrmDialog />
      <Passing />
    </>
  );
}

/** Lets the agent in, and no further: work begins when the agent says so, or as the CRM has it. */
function Enter() {
  return (
    <SignIn label={c().title}>
      <Logo />
      <h1>{c().signIn}</h1>
    </SignIn>
  );
}

function Shown() {
  switch (place.value) {
    case "calls":
      return <Calls />;
    case "dial":
      return <Dial />;
    case "book":
      return <Book />;
    case "history":
      return <History />;
    case "messages":
      return <Kept />;
  }
}

const ICONS: Readonly<Record<Place, IconName>> = {
  calls: "phone",
  dial: "digits",
  book: "person",
  history: "clock",
  messages: "bell",
};

function Nav() {
  const { nav } = c();
  const { crm, notes } = useLink();
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
          {id === "messages" && notes.value.kept.length > 0 && (
            <span class="count">{notes.value.kept.length}</span>
          )}
        </button>
      ))}
    </nav>
  );
}

/** What the CRM wants to be there. */
function places({ settings: { softphone, log } }: Crm): readonly Place[] {
  return [
    "calls",
    ...(softphone.dial_pad ? (["dial", "book"] as const) : []),
    ...(softphone.history || log.enabled ? (["history"] as const) : []),
    ...(softphone.notifications ? (["messages"] as const) : []),
  ];
}

function Picked() {
  const current = useDesk().view.open.value;
  switch (current?.kind) {
    case "consult":
    case "transfer":
      return <Picker {...current} />;
    case "digits":
      return <Digits interaction={current.interaction} />;
    case "leave":
      return <Leave />;
    default:
      return null;
  }
}
