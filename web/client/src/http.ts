/** Requests to the API. */

import { read, type Shape, type TypeOf } from "@cordboard/guard";
import { backoffMs } from "./backoff.ts";
import { type Problem, problemFrom, type Result, unreachable, unreadable } from "./problem.ts";
import { Accepted, GET, POST } from "./shapes.ts";
import type { Verb } from "./types.ts";

/** How often a command is sent before its sender is told that it did not get through. */
const TRIES_MAX = 5;

/** How often a request is sent that the server has no time for: most of a minute. */
const OVERLOADED_TRIES_MAX = 10;

/** What the answers to requests are, by path. */
type Gets = typeof GET;
type Posts = typeof POST;

type Taken = Result<TypeOf<typeof Accepted>>;

export interface Http {
  get<P extends keyof Gets>(path: P, query?: Query): Promise<Result<TypeOf<Gets[P]>>>;
  /** Repeats itself while the server is overloaded. */
  post<P extends keyof Posts>(path: P, body?: unknown): Promise<Result<TypeOf<Posts[P]>>>;
  /** Asks for something for an agent. Repeats itself under one key where no answer came. */
  askForAgent(agent: string, verb: Verb): Promise<Taken>;
  /** Asks for something about an interaction, in the same way. */
  askAbout(interaction: string, verb: Verb, more?: More): Promise<Taken>;
}

export interface More {
  /** The request outlasts the page. Browsers allow that for 64 KiB at once. */
  readonly keepalive?: boolean;
}

/** Members of a query; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

export interface HttpOptions {
  /** The token to show, when there is one. */
  readonly token: () => string | undefined;
  readonly fetch?: typeof fetch;
  /** Waits. Milliseconds. */
  readonly sleep?: (ms: number) => Promise<void>;
  readonly random?: () => number;
  readonly key?: () => string;
}

export function createHttp(options: HttpOptions): Http {
  const { token, random = Math.random, key = () => crypto.randomUUID() } = options;
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const send = options.fetch ?? ((input, init) => fetch(input, init));

  async function call<T>(shape: Shape<T>, path: string, init: RequestInit): Promise<Result<T>> {
    const headers = new Headers(init.headers);
    const shown = token();
    if (shown !== undefined) headers.set("Authorization", `Bearer ${shown}`);
    if (init.body !== undefined) headers.set("Content-Type", "application/json");
    try {
      return await answer(shape, await send(path, { ...init, headers, cache: "no-store" }));
    } catch (error) {
      return { ok: false, problem: unreachable(error) };
    }
  }

  /** Sends a request, and again a little later for as long as that may help. */
  async function repeated<T>(
    shape: Shape<T>,
    path: string,
    init: RequestInit,
    mayHelp: MayHelp,
  ): Promise<Result<T>> {
    for (let tries = 1; ; tries += 1) {
      const result = await call(shape, path, { ...init, method: "POST" });
      if (result.ok || !mayHelp(result.problem, tries)) return result;
      await sleep(backoffMs(tries, random()));
    }
  }

  function ask(path: string, verb: Verb, more: More = {}): Promise<Taken> {
    const init = { ...more, body: JSON.stringify(verb), headers: { "Idempotency-Key": key() } };
    return repeated(Accepted, path, init, commandMayHelp);
  }

  return {
    get: (path, query = {}) => call(shapeIn(GET, path), path + queryString(query), { method: "GET" }),
    post: (path, body) =>
      repeated(
        shapeIn(POST, path),
        path,
        body === undefined ? {} : { body: JSON.stringify(body) },
        isOverloaded,
      ),
    askForAgent: (agent, verb) => ask(`/api/v1/agents/${encodeURIComponent(agent)}/commands`, verb),
    askAbout: (id, verb, more) => ask(`/api/v1/interactions/${encodeURIComponent(id)}/commands`, verb, more),
  };
}

/** Whether the same request may be answered differently a little later. */
type MayHelp = (problem: Problem, tries: number) => boolean;

function commandMayHelp(problem: Problem, tries: number): boolean {
  const passing = problem.code === "unreachable" || problem.code === "unavailable";
  return isOverloaded(problem, tries) || (passing && tries < TRIES_MAX);
}

/** The server did not look at the request, as too many came at once. */
function isOverloaded(problem: Problem, tries: number): boolean {
  return problem.code === "overloaded" && tries < OVERLOADED_TRIES_MAX;
}

/** The shape of the answers at a path. */
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

/** JSON, or nothing where something between here and the server answered in another language. */
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
