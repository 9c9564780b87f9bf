/** The desk of one agent: the state of things as the server tells it, and asking the server for something. */

import type { AgentView, Floor, Http, InteractionView, Problem, Result } from "@cordboard/client";
import { computed, type ReadonlySignal } from "@preact/signals";
import { type Account, type AccountOptions, createAccount } from "./account.ts";
import { createLive, type Live, type LiveOptions } from "./live.ts";
import type { Messages } from "./messages.ts";

export interface Session extends Live {
  readonly account: ReadonlySignal<Account | undefined>;
  /** Why the last session ended, when it did not end by the agent's own wish. */
  readonly ended: ReadonlySignal<Problem | undefined>;
  /** The agent that works here, as the server last described it. */
  readonly agent: ReadonlySignal<AgentView | undefined>;
  /** The agent's interactions, the oldest first. */
  readonly interactions: ReadonlySignal<readonly InteractionView[]>;
  readonly floor: ReadonlySignal<Floor | undefined>;
  readonly http: Http;
  /** Lets somebody in. */
  enter(name: string, password: string): Promise<Problem | undefined>;
  /** Lets somebody in, and brings the agent to work. Says why there is no desktop, where there is none. */
  signIn(name: string, password: string, device: string): Promise<Problem | undefined>;
  /**
   * Signs the agent out and leaves the page, in all tabs: no call may come to somebody whose page is a form to sign in. With a call that
   * goes on the agent is signed out when it is over. Where the server refuses, or cannot be reached, nothing is left.
   */
  signOut(): Promise<void>;
  /** Waits for a list or a thing that was asked for; what goes wrong is shown. */
  fetched<T>(result: Promise<Result<T>>): Promise<T | undefined>;
}

/** What of the browser a session uses; a test has its own. */
export type SessionOptions = AccountOptions & LiveOptions;

export function createSession(messages: Messages, options: SessionOptions = {}): Session {
  const account = createAccount(options);
  const { http } = account;
  const { state, status, ahead, start } = createLive(
    account,
    () => fetched(http.get("/api/v1/floor")),
    options,
  );
  const agent = computed(() => {
    const id = account.current.value?.principal.agent;
    return id == null ? undefined : state.value.agents[id];
  });
  const interactions = computed(() => {
    const own = Object.values(state.value.interactions).filter((one) => one.agent === agent.value?.id);
    return own.sort((one, other) => one.number - other.number);
  });

  async function fetched<T>(result: Promise<Result<T>>): Promise<T | undefined> {
    const answer = await result;
    if (answer.ok) return answer.value;
    if (answer.problem.code === "unauthenticated") account.end(answer.problem);
    else messages.show("error", answer.problem.detail);
    return undefined;
  }

  return {
    account: account.current,
    ended: account.ended,
    state,
    status,
    agent,
    interactions,
    floor: computed(() => state.value.floor),
    ahead,
    http,
    enter: account.enter,
    async signIn(name, password, device) {
      const problem = await account.enter(name, password);
      const own = account.current.peek()?.principal.agent;
      if (problem || own == null) return problem;
      const came = await http.askForAgent(own, { verb: "sign-in", ...(device === "" ? {} : { device }) });
      // The desktop is there already, with "Come to work" in its menu.
      if (!came.ok) messages.show("error", came.problem.detail);
      return undefined;
    },
    async signOut() {
      const own = account.current.peek()?.principal.agent;
      if (own != null && agent.peek()?.state !== "signed-out") {
        const left = await http.askForAgent(own, { verb: "sign-out" });
        if (!left.ok && left.problem.code !== "unauthenticated") return messages.showProblem(left.problem);
      }
      await account.leave();
    },
    fetched,
    start() {
      account.askTabs();
      const stop = start();
      return () => {
        stop();
        account.close();
      };
    },
  };
}
