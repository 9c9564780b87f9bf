/** Requests to the API. */

import { backoffMs } from "./backoff.ts";
import { type Problem, problemFrom, type Result, unreachable } from "./problem.ts";
import type { Accepted, Verb } from "./types.ts";

/** How often a command is sent before its sender is told that it did not get through. */
const TRIES_MAX = 5;

export interface Http {
  get<T>(path: string, query?: Query): Promise<Result<T>>;
  post<T>(path: string, body?: unknown): Promise<Result<T>>;
  /** Asks for something for an agent. Repeats itself under one key where no answer came. */
  askForAgent(agent: string, verb: Verb): Promise<Result<Accepted>>;
  /** Asks for something about an interaction, in the same way. */
  askAbout(interaction: string, verb: Verb): Promise<Result<Accepted>>;
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

  async function call<T>(method: string, path: string, init: RequestInit = {}): Promise<Result<T>> {
    const headers = new Headers(init.headers);
    const shown = token();
    if (shown !== undefined) headers.set("Authorization", `Bearer ${shown}`);
    if (init.body !== undefined) headers.set("Content-Type", "application/json");
    try {
      return await read<T>(await send(path, { ...init, method, headers, cache: "no-store" }));
    } catch (error) {
      return { ok: false, problem: unreachable(error) };
    }
  }

  async function ask(path: string, verb: Verb): Promise<Result<Accepted>> {
    const init = { body: JSON.stringify(verb), headers: { "Idempotency-Key": key() } };
    for (let tries = 1; ; tries += 1) {
      const result = await call<Accepted>("POST", path, init);
      if (result.ok || tries === TRIES_MAX || !mayHelp(result.problem)) return result;
      await sleep(backoffMs(tries, random()));
    }
  }

  return {
    get: (path, query = {}) => call("GET", path + queryString(query)),
    post: (path, body) => call("POST", path, body === undefined ? {} : { body: JSON.stringify(body) }),
    askForAgent: (agent, verb) => ask(`/api/v1/agents/${encodeURIComponent(agent)}/commands`, verb),
    askAbout: (id, verb) => ask(`/api/v1/interactions/${encodeURIComponent(id)}/commands`, verb),
  };
}

/** Whether the same request may be answered otherwise a little later. */
function mayHelp(problem: Problem): boolean {
  return problem.code === "unreachable" || problem.code === "unavailable";
}

async function read<T>(response: Response): Promise<Result<T>> {
  const text = await response.text();
  const body: unknown = text === "" ? undefined : parsed(text);
  if (response.ok) return { ok: true, value: body as T };
  return { ok: false, problem: problemFrom(body, response.status) };
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
