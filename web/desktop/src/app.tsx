/** The whole desktop. */

import type { Page } from "@cordboard/client";
import { useEffect } from "preact/hooks";
import { Rings } from "./call/ring.tsx";
import { PageFrame } from "./frames/frame.tsx";
import { Panels } from "./frames/panels.tsx";
import { Digits, Directory, Picker } from "./people/picker.tsx";
import { Resolve } from "./people/resolve.tsx";
import { account, floor } from "./store/desk.ts";
import { open, place, shown } from "./store/view.ts";
import { language, t } from "./texts/index.ts";
import { Tabs } from "./ui/tabs.tsx";
import { Banner } from "./work/banner.tsx";
import { Detail } from "./work/detail.tsx";
import { Help } from "./work/help.tsx";
import { History } from "./work/history.tsx";
import { Leave } from "./work/leave.tsx";
import { Messages } from "./work/messages.tsx";
import { Notices } from "./work/notices.tsx";
import { Rail } from "./work/rail.tsx";
import { SettingsDialog } from "./work/settings.tsx";
import { NoAgent, SignIn } from "./work/sign-in.tsx";
import { TopBar } from "./work/top-bar.tsx";

export function App() {
  const current = language.value;
  useEffect(() => {
    document.documentElement.lang = current;
  }, [current]);
  if (!account.value) return <SignIn />;
  if (account.value.principal.agent == null) return <NoAgent />;
  return (
    <>
      <TopBar />
      <Banner />
      <Rings />
      <Places />
      <Dialogs />
      <Messages />
    </>
  );
}

/** The parts of the desktop, and the floor's workspaces, which stay open behind whatever is shown. */
function Places() {
  const workspaces = (floor.value?.pages ?? []).filter((page) => page.place === "workspace");
  const { nav } = t();
  const tabs = [
    { id: "work", title: nav.work },
    { id: "history", title: nav.history },
    { id: "directory", title: nav.directory },
    ...workspaces.map(({ id, title }) => ({ id: `page:${id}`, title })),
  ];
  return (
    <main>
      <Tabs
        class="places"
        label={nav.main}
        tabs={tabs}
        chosen={place.value}
        onChoose={(id) => {
          place.value = id;
        }}
        panel={(id) => <Place id={id} workspaces={workspaces} />}
      />
    </main>
  );
}

function Place({ id, workspaces }: { readonly id: string; readonly workspaces: readonly Page[] }) {
  switch (id) {
    case "work":
      return <Work />;
    case "history":
      return place.value === "history" ? <History /> : null;
    case "directory":
      return place.value === "directory" ? <Directory /> : null;
    default: {
      const page = workspaces.find((workspace) => id === `page:${workspace.id}`);
      return page ? <PageFrame page={page} /> : null;
    }
  }
}

function Work() {
  const one = shown.value;
  return (
    <div class="work">
      <Rail />
      {one ? <Detail one={one} /> : <div class="detail nothing" />}
      <Panels />
    </div>
  );
}

function Dialogs() {
  const current = open.value;
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
    case "leave":
      return <Leave />;
  }
}
