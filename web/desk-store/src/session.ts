/** The session of one account: the live state, and requests to the server. */

import type {
  AgentView,
  Floor,
  Http,
  InteractionView,
  Problem,
  ProviderFailure,
  Result,
} from "@cordboard/client";
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type Account, type AccountOptions, createAccount } from "./account.ts";
import { createLiveState, type LiveState, type LiveStateOptions } from "./live-state.ts";
import type { Messages } from "./messages.ts";

export interface Session extends LiveState {
  readonly account: ReadonlySignal<Account | undefined>;
  /** Why the server ended the last session; undefined after a normal sign-out. */
  readonly ended: ReadonlySignal<Problem | undefined>;
  /** The account's agent; undefined before the first snapshot, and for accounts without an agent. */
  readonly agent: ReadonlySignal<AgentView | undefined>;
  /** The agent's interactions, the oldest first. */
  readonly interactions: ReadonlySignal<readonly InteractionView[]>;
  readonly floor: ReadonlySignal<Floor | undefined>;
  readonly http: Http;
  /** Opens a session with an account. `code`: of the second factor, if the account needs one. Returns the problem if the server refuses. */
  openSession(name: string, password: string, code?: string): Promise<Problem | undefined>;
  /** Opens a session with an access token. Returns the problem if the server refuses. */
  openToken(token: string): Promise<Problem | undefined>;
  /** Whether other tabs get the account of this one when they ask. Default: true. */
  shareAccount(on: boolean): void;
  /** Opens a session and signs the account’s agent in at `device` (the agent’s own phone if empty). */
  signIn(name: string, password: string, device: string, code?: string): Promise<Problem | undefined>;
  /** Why the last sign-in through the provider failed. */
  readonly providerFailure: ReadonlySignal<ProviderFailure | undefined>;
  /** Opens a session through the provider. With a phone or an empty text, it also signs the account’s agent in, like `signIn`. */
  signInWithProvider(device?: string): Promise<void>;
  /**
   * Signs the agent in at `device` (the agent’s own phone if empty) for these queues. An agent who is signed in moves and keeps the state.
   * Returns the problem if the server refuses; then nothing has changed.
   */
  signInAt(device: string, queues: readonly string[]): Promise<Problem | undefined>;
  /**
   * Signs the agent out and closes the session in all tabs, so that no call is offered to an agent without a desktop. During a call, the
   * agent is signed out when the call ends. If the server refuses or cannot be reached, the session stays open.
   */
  signOut(): Promise<void>;
  /** The value of a request’s result. Shows a message and returns undefined if the request failed. */
  unwrap<T>(result: Promise<Result<T>>): Promise<T | undefined>;
}

/** Browser features that tests replace. */
export type SessionOptions = AccountOptions & LiveStateOptions;

export function createSession(messages: Messages, options: SessionOptions = {}): Session {
  const account = createAccount(options);
  const { http } = account;
  const { state, status, clockOffsetMs, start } = createLiveState(
    account,
    () => unwrap(http.get("/api/v1/floor")),
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

  const providerFailure = signal<ProviderFailure | undefined>(undefined);

  /** Completes the sign-in for which this window left its page, if there is one. */
  async function resume(): Promise<void> {
    const resumed = await account.resumeProvider();
    if (!resumed) return;
    providerFailure.value = resumed.failure;
    if (resumed.failure === undefined) await signInAgent(resumed.phone);
  }

  /** Signs the account's agent in at `device` (the agent's own phone if empty; not at all if undefined). */
  async function signInAgent(device: string | undefined): Promise<void> {
    if (device === undefined) return;
    const principal = account.current.peek()?.principal;
    const own = principal?.agent;
    // Supervisors first see the overview: they sign in at a phone only if they name one.
    if (own == null || (principal?.role !== "agent" && device === "")) return;
    const signedIn = await http.commandAgent(own, {
      verb: "sign-in",
      ...(device === "" ? {} : { device }),
    });
    // The desktop is open already, with “Sign in” in its menu.
    if (!signedIn.ok) messages.showProblem(signedIn.problem);
  }

  async function unwrap<T>(result: Promise<Result<T>>): Promise<T | undefined> {
    const answer = await result;
    if (answer.ok) return answer.value;
    if (answer.problem.code === "unauthenticated") account.expire(answer.problem);
    else messages.showProblem(answer.problem);
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
    clockOffsetMs,
    http,
    openSession: account.openSession,
    openToken: account.openToken,
    shareAccount: account.share,
    async signIn(name, password, device, code) {
      const problem = await account.openSession(name, password, code);
      if (!problem) await signInAgent(device);
      return problem;
    },
    providerFailure,
    async signInWithProvider(device) {
      providerFailure.value = undefined;
      providerFailure.value = await account.openProvider(device);
      if (providerFailure.value === undefined) await signInAgent(device);
    },
    async signInAt(device, queues) {
      const own = account.current.peek()?.principal.agent;
      if (own == null) return undefined;
      const place = device === "" ? {} : { device };
      const result = await http.commandAgent(own, { verb: "sign-in", ...place, queues });
      if (result.ok) return undefined;
      if (result.problem.code === "unauthenticated") account.expire(result.problem);
      return result.problem;
    },
    async signOut() {
      const own = account.current.peek()?.principal.agent;
      if (own != null && agent.peek()?.state !== "signed-out") {
        const left = await http.commandAgent(own, { verb: "sign-out" });
        if (!left.ok && left.problem.code !== "unauthenticated") return messages.showProblem(left.problem);
      }
      await account.closeSession();
    },
    unwrap,
    start() {
      account.requestAccount();
      void resume();
      const stop = start();
      return () => {
        stop();
        account.close();
      };
    },
  };
}
