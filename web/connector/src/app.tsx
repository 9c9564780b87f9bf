/** The whole softphone. */

import { Rings } from "@cordboard/desktop/call/ring.tsx";
import { Digits, Picker } from "@cordboard/desktop/people/picker.tsx";
import { account } from "@cordboard/desktop/store/desk.ts";
import { open } from "@cordboard/desktop/store/view.ts";
import { Button } from "@cordboard/desktop/ui/button.tsx";
import { Icon, type IconName } from "@cordboard/desktop/ui/icon.tsx";
import { Leave } from "@cordboard/desktop/work/leave.tsx";
import { NoAgent } from "@cordboard/desktop/work/sign-in.tsx";
import { crm, notes, openReports } from "./crm/link.ts";
import { c } from "./texts/index.ts";
import { Book } from "./work/book.tsx";
import { Calls, hidden } from "./work/call.tsx";
import { Dial } from "./work/dial.tsx";
import { History } from "./work/history.tsx";
import { CrmDialog, Kept, Passing } from "./work/messages.tsx";
import { SignIn } from "./work/sign-in.tsx";
import { Refused, Standing } from "./work/standing.tsx";
import { StateMenu } from "./work/state-menu.tsx";
import { type Place, place } from "./work/view.ts";

export function App() {
  if (!account.value) return <SignIn />;
  if (account.value.principal.agent == null) return <NoAgent />;
  if (crm.value.phase === "refused") return <Refused />;
  return (
    <>
      <div class="top">
        <StateMenu />
        {crm.value.settings.softphone.reports && crm.value.phase === "active" && (
          <Button kind="quiet" icon="report" label={c().menu.reports} onPress={openReports} />
        )}
      </div>
      <Standing />
      <Rings without={hidden()} />
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
  return (
    <nav aria-label={nav.label}>
      {places().map((id) => (
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
function places(): readonly Place[] {
  const { softphone, log } = crm.value.settings;
  return [
    "calls",
    ...(softphone.dial_pad ? (["dial", "book"] as const) : []),
    ...(softphone.history || log.enabled ? (["history"] as const) : []),
    ...(softphone.notifications ? (["messages"] as const) : []),
  ];
}

function Picked() {
  const current = open.value;
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
