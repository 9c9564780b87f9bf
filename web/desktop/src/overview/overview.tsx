/** The overview for supervisors and administrators, and the page for accounts without an agent. It changes nothing on the server. */

import type { Principal } from "@cordboard/client";
import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Logo, Pairs } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { Banner } from "../work/banner.tsx";
import { Messages } from "../work/messages.tsx";
import { AgentTable } from "./agents.tsx";
import { CommandList } from "./commands.tsx";
import { QueueTable } from "./queues.tsx";

type Role = Principal["role"];

/** Whether an account with this role sees all agents and queues. */
export function seesAll(role: Role | undefined): boolean {
  return role === "supervisor" || role === "admin" || role === "integration";
}

/** The whole page for an account without an agent. */
export function OverviewPage() {
  const { signOut } = useDesk().session;
  return (
    <>
      <header class="top-bar overview-bar">
        <h1 class="unseen">{t().app}</h1>
        <Logo />
        <span class="space" />
        <Button onPress={() => void signOut()}>{t().agent.signOut}</Button>
      </header>
      <Banner />
      <main class="overview-page">
        <Overview />
      </main>
      <Messages />
    </>
  );
}

/** The content of the overview: the account, live tables, commands and links. */
export function Overview() {
  const principal = useDesk().session.account.value?.principal;
  if (!principal) return null;
  const { overview } = t();
  const { account, role } = principal;
  return (
    <section class="page overview" aria-label={overview.title}>
      <h2>{overview.title}</h2>
      <section class="panel" aria-label={overview.account}>
        <Pairs
          pairs={[
            [overview.account, account],
            [overview.role, overview.roles[role]],
          ]}
        />
        <p>{overview.about[role]}</p>
      </section>
      {seesAll(role) && <QueueTable />}
      {seesAll(role) && <AgentTable />}
      {seesAll(role) && <CommandList admin={role === "admin"} />}
      <Links />
    </section>
  );
}

function Links() {
  const { overview } = t();
  const hasDocs = useHasDocs();
  return (
    <section class="panel" aria-label={overview.links}>
      <h3>{overview.links}</h3>
      <ul class="plain-list">
        {hasDocs && (
          <li>
            <a href="/docs/">{overview.docs}</a>
          </li>
        )}
        <li>
          <a href="/api/v1/openapi.json">{overview.api}</a>
        </li>
      </ul>
    </section>
  );
}

/** Whether the server provides its documentation at `/docs/`. */
function useHasDocs(): boolean {
  const [has, setHas] = useState(false);
  useEffect(() => {
    fetch("/docs/", { method: "HEAD" }).then(
      ({ ok }) => setHas(ok),
      () => {},
    );
  }, []);
  return has;
}
