/** The root component of the desktop. */

import type { Page } from "@cordboard/client";
import {
  Digits,
  IncomingCalls,
  PhoneAndQueues,
  Picker,
  SignIn,
  SignOutDialog,
  useDesk,
} from "@cordboard/desk-ui";
import { language, t } from "@cordboard/texts";
import { Logo, Tabs } from "@cordboard/ui";
import { useEffect } from "preact/hooks";
import { PageFrame } from "./frames/frame.tsx";
import { Panels } from "./frames/panels.tsx";
import { Overview, OverviewPage, seesAll } from "./overview/overview.tsx";
import { Directory } from "./people/directory.tsx";
import { Resolve } from "./people/resolve.tsx";
import { Banner } from "./work/banner.tsx";
import { Detail } from "./work/detail.tsx";
import { Help } from "./work/help.tsx";
import { History } from "./work/history.tsx";
import { InteractionList } from "./work/interaction-list.tsx";
import { Messages } from "./work/messages.tsx";
import { Notices } from "./work/notices.tsx";
import { SettingsDialog } from "./work/settings.tsx";
import { TopBar } from "./work/top-bar.tsx";

export function App() {
  const { session, view } = useDesk();
  const { account } = session;
  const role = account.value?.principal.role;
  const { place } = view;
  // Supervisors and administrators who also are agents see the overview first.
  useEffect(() => {
    if (seesAll(role)) place.value = "overview";
  }, [role, place]);
  const current = language.value;
  useEffect(() => {
    document.documentElement.lang = current;
  }, [current]);
  if (!account.value) return <SignInPage />;
  if (account.value.principal.agent == null) return <OverviewPage />;
  return (
    <>
      <TopBar />
      <Banner />
      <IncomingCalls />
      <Sections />
      <Dialogs />
      <Messages />
    </>
  );
}

function SignInPage() {
  return (
    <SignIn withPhone>
      <h1>
        <Logo />
        {t().app}
      </h1>
    </SignIn>
  );
}

/** The tabs of the desktop. Workspace pages stay loaded while another tab is shown. */
function Sections() {
  const { session, view } = useDesk();
  const workspaces = (session.floor.value?.pages ?? []).filter((page) => page.place === "workspace");
  const { nav } = t();
  const tabs = [
    { id: "work", title: nav.work },
    { id: "history", title: nav.history },
    { id: "directory", title: nav.directory },
    ...(seesAll(session.account.value?.principal.role) ? [{ id: "overview", title: nav.overview }] : []),
    ...workspaces.map(({ id, title }) => ({ id: `page:${id}`, title })),
  ];
  return (
    <main>
      <Tabs
        class="places"
        label={nav.main}
        tabs={tabs}
        chosen={view.place.value}
        onChoose={(id) => {
          view.place.value = id;
        }}
        panel={(id) => <Section id={id} workspaces={workspaces} />}
      />
    </main>
  );
}

function Section({ id, workspaces }: { readonly id: string; readonly workspaces: readonly Page[] }) {
  const { place } = useDesk().view;
  switch (id) {
    case "work":
      return <Work />;
    case "history":
      return place.value === "history" ? <History /> : null;
    case "directory":
      return place.value === "directory" ? <Directory /> : null;
    case "overview":
      return place.value === "overview" ? <Overview /> : null;
    default: {
      const page = workspaces.find((workspace) => id === `page:${workspace.id}`);
      return page ? <PageFrame page={page} /> : null;
    }
  }
}

function Work() {
  const one = useDesk().view.shown.value;
  return (
    <div class="work">
      <InteractionList />
      {one ? <Detail one={one} /> : <div class="detail nothing" />}
      <Panels />
    </div>
  );
}

function Dialogs() {
  const current = useDesk().view.dialog.value;
  switch (current?.kind) {
    case undefined:
      return null;
    case "dial":
    case "consult":
    case "transfer":
      return <Picker {...current} />;
    case "digits":
      return <Digits interaction={current.interaction} />;
    case "resolve":
      return <Resolve interaction={current.interaction} />;
    case "settings":
      return <SettingsDialog />;
    case "help":
      return <Help />;
    case "notices":
      return <Notices />;
    case "phone-and-queues":
      return <PhoneAndQueues />;
    case "sign-out":
      return <SignOutDialog />;
  }
}
