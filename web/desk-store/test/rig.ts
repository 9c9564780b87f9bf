/** A simulated browser and server for one store. The test controls both. */

import type { Event, InteractionView } from "@cordboard/client";
import { createDeskStore, type DeskOptions, type DeskStore } from "../src/index.ts";

export const ID = "01890000-0000-7000-8000-000000000001";

export const SIGNED_IN = {
  token: "t",
  expires_at: 1,
  principal: { account: "ann", role: "agent", agent: "1001", permissions: [] },
};

export const FLOOR = {
  agents: [{ id: "1001", name: "Ann", device: "2001", switch: "pbx", queues: ["7700"] }],
  queues: [{ id: "7700", name: "Support", switch: "pbx", ring_ms: 1, priority: 0, wrap_up_ms: 0 }],
};

export const RINGING: InteractionView = {
  id: ID,
  number: 1,
  linkage: "01890000-0000-7000-8000-000000000002",
  agent: "1001",
  device: "2001",
  direction: "inbound",
  queue: "7700",
  customer: { at: { outside: "+14155550100" } },
  state: "alerting",
  opened_at: 1000,
  can: ["answer", "reject"],
};

/** The server side of a WebSocket. */
export class Socket {
  readonly sent: unknown[] = [];
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onclose = () => {};
  closed = false;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  say(message: unknown) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

export function createStorage(kept: Readonly<Record<string, string>> = {}): Storage {
  const all = new Map(Object.entries(kept));
  return {
    getItem: (key: string) => all.get(key) ?? null,
    setItem: (key: string, value: string) => void all.set(key, value),
    removeItem: (key: string) => void all.delete(key),
  } as Storage;
}

/** Connected tabs of one browser. */
export function createBrowser(): NonNullable<DeskOptions["tabs"]> {
  const all = new Set<(said: never) => void>();
  return (_name, _shape, onMessage) => {
    all.add(onMessage);
    return {
      send: (message) => {
        for (const other of all) if (other !== onMessage) other(message as never);
      },
      close: () => void all.delete(onMessage),
    };
  };
}

export interface Rig {
  readonly store: DeskStore;
  readonly stop: () => void;
  readonly sockets: readonly Socket[];
  /** All requests: path and body. */
  readonly asked: readonly (readonly [string, unknown])[];
  /** Responses of the server, by path. */
  readonly answers: Record<string, () => Response>;
  /** Simulates that the page is hidden or closed. */
  readonly closePage: () => void;
  /** Sends an event that follows the last one. */
  readonly happen: (event: Event) => void;
}

export const refuse = (code: string, status: number) => () =>
  Response.json(
    { type: `urn:cordboard:problem:${code}`, code, title: "No", detail: "because", status },
    { status },
  );

export function rig(options: DeskOptions = {}): Rig {
  const sockets: Socket[] = [];
  const asked: [string, unknown][] = [];
  const answers: Rig["answers"] = {
    "/api/v1/sign-in": () => Response.json(SIGNED_IN),
    "/api/v1/sign-out": () => new Response(null, { status: 204 }),
    "/api/v1/floor": () => Response.json(FLOOR),
    "/api/v1/agents/1001/commands": () => Response.json({ seq: 1 }),
    [`/api/v1/interactions/${ID}/commands`]: () => Response.json({ seq: 1 }),
  };
  let left = () => {};
  let seq = 10;
  const store = createDeskStore({
    fetch: async (input, init) => {
      const [path = ""] = String(input).split("?");
      asked.push([path, typeof init?.body === "string" ? JSON.parse(init.body) : undefined]);
      return (answers[path] ?? refuse("not-found", 404))();
    },
    open: () => {
      const socket = new Socket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    location: { protocol: "http:", host: "hub" },
    tabs: createBrowser(),
    tabStorage: always(createStorage()),
    storage: always(createStorage()),
    onLeave: (then) => {
      left = then;
      return () => {};
    },
    ...options,
  });
  const stop = store.start();
  return {
    store,
    stop,
    sockets,
    asked,
    answers,
    closePage: () => left(),
    happen(event) {
      sockets.at(-1)?.say({ type: "event", prev: seq, seq: seq + 1, at: 2000, event });
      seq += 1;
    },
  };
}

export function always<T>(value: T): () => T {
  return () => value;
}

/** A snapshot message with one agent. */
export function snapshot(interactions: readonly unknown[] = [], state = "ready"): unknown {
  const agent = { id: "1001", name: "Ann", device: "2001", queues: ["7700"], since: 1, can: ["dial"], state };
  return {
    type: "snapshot",
    journal: "j1",
    seq: 10,
    resync: false,
    snapshot: { seq: 10, at: 1000, agents: [agent], interactions, queues: [], switches: [] },
  };
}
