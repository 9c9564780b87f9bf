/** Requests to the API. */

import { read, type Shape, type TypeOf } from "@cordboard/guard";
import { backoffMs } from "./backoff.ts";
import { type Problem, problemFrom, type Result, unreachable, unreadable } from "./problem.ts";
import { Accepted, GET, POST } from "./shapes.ts";
import type { Verb } from "./types.ts";

/** How often a command is sent at most if the server cannot be reached. */
const TRIES_MAX = 5;

/** How often a request is sent at most if the server is overloaded. The delays add up to most of a minute. */
const OVERLOADED_TRIES_MAX = 10;

/** Shapes of the responses, by path. */
type Gets = typeof GET;
type Posts = typeof POST;

type CommandResult = Result<TypeOf<typeof Accepted>>;

export interface Http {
  get<P extends keyof Gets>(path: P, query?: Query): Promise<Result<TypeOf<Gets[P]>>>;
  /** Sends the request again while the server is overloaded. */
  post<P extends keyof Posts>(path: P, body?: unknown): Promise<Result<TypeOf<Posts[P]>>>;
  /** Sends a command for an agent. Without a response, sends it again with the same idempotency key. */
  commandAgent(agent: string, verb: Verb): Promise<CommandResult>;
  /** Sends a command for an interaction, in the same way. */
  commandInteraction(interaction: string, verb: Verb, options?: CommandOptions): Promise<CommandResult>;
}

export interface CommandOptions {
  /** Lets the request finish after the page is closed. Browsers limit such requests to 64 KiB in total. */
  readonly keepalive?: boolean;
}

/** Query parameters. Undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

export interface HttpOptions {
  /** The access token, if an account is signed in. */
  readonly token: () => string | undefined;
  readonly fetch?: typeof fetch;
  /** How long the server may take to answer, with all repetitions. Milliseconds; undefined: no limit. */
  readonly responseMs?: (() => number | undefined) | undefined;
  /** Waits for a number of milliseconds. */
  readonly sleep?: (ms: number) => Promise<void>;
  readonly random?: () => number;
  readonly key?: () => string;
}

export function createHttp(options: HttpOptions): Http {
  const { token, random = Math.random, key = () => crypto.randomUUID() } = options;
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const send = options.fetch ?? ((input, init) => fetch(input, init));

  /** The time limit of a request, if there is one. */
  function timeout(): { readonly signal?: AbortSignal } {
    const limit = options.responseMs?.();
    return limit === undefined ? {} : { signal: AbortSignal.timeout(limit) };
  }

  async function call<T>(shape: Shape<T>, path: string, init: RequestInit): Promise<Result<T>> {
    const headers = new Headers(init.headers);
    const current = token();
    if (current !== undefined) headers.set("Authorization", `Bearer ${current}`);
    if (init.body !== undefined) headers.set("Content-Type", "application/json");
    try {
      return await answer(shape, await send(path, { ...init, headers, cache: "no-store" }));
    } catch (error) {
      return { ok: false, problem: unreachable(error) };
    }
  }

  /** Sends a request, and sends it again with increasing delays while `retry` allows it. */
  async function withRetries<T>(
    shape: Shape<T>,
    path: string,
    init: RequestInit,
    retry: Retry,
  ): Promise<Result<T>> {
    const signal = timeout();
    for (let tries = 1; ; tries += 1) {
      const result = await call(shape, path, { ...init, ...signal, method: "POST" });
      if (result.ok || signal.signal?.aborted || !retry(result.problem, tries)) return result;
      await sleep(backoffMs(tries, random()));
    }
  }

  function command(path: string, verb: Verb, more: CommandOptions = {}): Promise<CommandResult> {
    const init = { ...more, body: JSON.stringify(verb), headers: { "Idempotency-Key": key() } };
    return withRetries(Accepted, path, init, retryCommand);
  }

  return {
    get: (path, query = {}) =>
      call(shapeIn(GET, path), path + queryString(query), { ...timeout(), method: "GET" }),
    post: (path, body) =>
      withRetries(
        shapeIn(POST, path),
        path,
        body === undefined ? {} : { body: JSON.stringify(body) },
        isOverloaded,
      ),
    commandAgent: (agent, verb) => command(`/api/v1/agents/${encodeURIComponent(agent)}/commands`, verb),
    commandInteraction: (id, verb, more) =>
      command(`/api/v1/interactions/${encodeURIComponent(id)}/commands`, verb, more),
  };
}

/** Whether the same request may succeed later. */
type Retry = (problem: Problem, tries: number) => boolean;

function retryCommand(problem: Problem, tries: number): boolean {
  const temporary = problem.code === "unreachable" || problem.code === "unavailable";
  return isOverloaded(problem, tries) || (temporary && tries < TRIES_MAX);
}

/** The server rejected the request because it received too many at the same time. */
function isOverloaded(problem: Problem, tries: number): boolean {
  return problem.code === "overloaded" && tries < OVERLOADED_TRIES_MAX;
}

/** The shape of the responses at a path. */
function shapeIn<R extends Readonly<Record<string, Shape<unknown>>>, P extends keyof R>(
  routes: R,
  path: P,
): Shape<TypeOf<R[P]>> {
  return routes[path] as Shape<TypeOf<R[P]>>;
}

async function answer<T>(shape: Shape<T>, response: Response): Promise<Result<T>> {
  const text = await response.text();
  const body: unknown = text === "" ? undefined : parsed(text);
  if (!response.ok) return { ok: false, problem: problemFrom(body, response.status) };
  const found = read(shape, body);
  return found.ok ? found : { ok: false, problem: unreadable(found.fault, response.status) };
}

/** The parsed JSON; undefined if a proxy answered with something else. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function queryString(query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return "";
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}
