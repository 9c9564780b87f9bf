/** The desk of one agent: who is signed in, the state of things, and asking for something. */

import {
  createHttp,
  createStream,
  createTabs,
  cursorOf,
  type Floor,
  follows,
  type Http,
  type Message,
  NOTHING,
  type Principal,
  type Problem,
  type Result,
  reduce,
  type State,
  type Status,
  type Stream,
} from "@cordboard/client";
import { computed, effect, signal } from "@preact/signals";
import { show, showProblem } from "./messages.ts";

/** Who is signed in. */
export interface Account {
  readonly token: string;
  readonly principal: Principal;
}

/** A refresh of the page loses nothing: the token stays with the tab. */
const KEY = "cordboard.account";

type Said =
  /** A tab that knows nobody asks the others. */
  | { readonly type: "who" }
  | { readonly type: "account"; readonly account: Account }
  | { readonly type: "signed-out"; readonly token: string };

export const account = signal<Account | undefined>(kept());
export const state = signal<State>(NOTHING);
export const status = signal<Status>({ kind: "connecting" });
/** Why the last session ended, when it did not end by the agent's own wish. */
export const ended = signal<Problem | undefined>(undefined);

/** The agent that works here, as the server last described it. */
export const agent = computed(() => {
  const id = account.value?.principal.agent;
  return id == null ? undefined : state.value.agents[id];
});

/** The agent's interactions, the oldest first. */
export const interactions = computed(() => {
  const own = Object.values(state.value.interactions).filter((one) => one.agent === agent.value?.id);
  return own.sort((one, other) => one.number - other.number);
});

/** How far the server's clock is ahead of this machine's. Milliseconds. */
export const ahead = signal(0);

export const floor = computed(() => state.value.floor);

export const http: Http = createHttp({ token: () => account.value?.token });

const tabs = createTabs<Said>("cordboard", hear);
let stream: Stream | undefined;

/** Keeps the stream open while somebody is signed in. */
export function begin(): void {
  if (!account.value) tabs.say({ type: "who" });
  effect(() => {
    const current = account.value;
    stream?.close();
    stream = current && open(current);
  });
}

/** Lets somebody in, and brings the agent to work. Says why there is no desktop, where there is none. */
export async function signIn(name: string, password: string, device: string): Promise<Problem | undefined> {
  const problem = await enter(name, password);
  const agent = account.value?.principal.agent;
  if (problem || agent == null) return problem;
  const came = await http.askForAgent(agent, { verb: "sign-in", ...(device === "" ? {} : { device }) });
  // The desktop is there already, with "Come to work" in its menu.
  if (!came.ok) show("error", came.problem.detail);
  return undefined;
}

/** Lets somebody in. */
export async function enter(name: string, password: string): Promise<Problem | undefined> {
  const result = await http.post<Account>("/api/v1/sign-in", { account: name, password });
  if (!result.ok) return result.problem;
  ended.value = undefined;
  keep(result.value);
  return undefined;
}

/**
 * Signs the agent out and leaves the page, in all tabs: no call may come to somebody whose page is a form to sign in. With a call that
 * goes on the agent is signed out when it is over. Where the server refuses, or cannot be reached, nothing is left.
 */
export async function signOut(): Promise<void> {
  const own = account.value?.principal.agent;
  if (own != null && agent.value?.state !== "signed-out") {
    const left = await http.askForAgent(own, { verb: "sign-out" });
    if (!left.ok && left.problem.code !== "unauthenticated") return showProblem(left.problem);
  }
  if (account.value) tabs.say({ type: "signed-out", token: account.value.token });
  await http.post("/api/v1/sign-out");
  keep(undefined);
}

/** Asks for a list or a thing; what goes wrong is shown. */
export async function fetched<T>(result: Promise<Result<T>>): Promise<T | undefined> {
  const answer = await result;
  if (answer.ok) return answer.value;
  if (answer.problem.code === "unauthenticated") end(answer.problem);
  else show("error", answer.problem.detail);
  return undefined;
}

function open(current: Account): Stream {
  state.value = NOTHING;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return createStream({
    url: `${scheme}://${location.host}/api/v1/events`,
    token: () => current.token,
    cursor: () => cursorOf(state.value),
    onMessage: take,
    onStatus: (next) => {
      status.value = next;
      if (next.kind === "refused") end(next.problem);
    },
  });
}

function take(message: Message): boolean {
  if (!follows(state.value, message)) return false;
  state.value = reduce(state.value, message);
  // The floor comes with events only when it changes.
  if (message.type === "snapshot") {
    ahead.value = message.snapshot.at - Date.now();
    void takeFloor();
  }
  return true;
}

async function takeFloor(): Promise<void> {
  const floor = await fetched(http.get<Floor>("/api/v1/floor"));
  if (floor) state.value = reduce(state.value, { type: "floor", floor });
}

function hear(said: Said): void {
  switch (said.type) {
    case "who":
      if (account.value) tabs.say({ type: "account", account: account.value });
      return;
    case "account":
      if (!account.value) keep(said.account);
      return;
    case "signed-out":
      if (account.value?.token === said.token) keep(undefined);
      return;
  }
}

function end(problem: Problem): void {
  ended.value = problem;
  keep(undefined);
}

/** In a frame a browser may refuse to keep anything; then the account lasts until the page is loaded anew. */
function keep(next: Account | undefined): void {
  account.value = next;
  try {
    if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
    else sessionStorage.removeItem(KEY);
  } catch {}
}

function kept(): Account | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
