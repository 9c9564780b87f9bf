/** Who is signed in at this page, and in the other tabs of the browser. */

import {
  createHttp,
  createKept,
  createTabs,
  type Http,
  PrincipalShape,
  type Problem,
  type Tabs,
} from "@cordboard/client";
import { object, type TypeOf, tagged, text } from "@cordboard/guard";
import { type ReadonlySignal, signal } from "@preact/signals";

const ACCOUNT = object({ token: text, principal: PrincipalShape });

/** Who is signed in. */
export type Account = TypeOf<typeof ACCOUNT>;

export interface AccountStore {
  readonly current: ReadonlySignal<Account | undefined>;
  /** Why the last session ended, when it did not end by the agent's own wish. */
  readonly ended: ReadonlySignal<Problem | undefined>;
  /** Shows the token of whoever is signed in. */
  readonly http: Http;
  /** Lets somebody in. */
  enter(name: string, password: string): Promise<Problem | undefined>;
  /** Asks the other tabs who is signed in. */
  askTabs(): void;
  /** Ends the session, in all tabs. */
  leave(): Promise<void>;
  /** The server ended the session. */
  end(problem: Problem): void;
  /** Listens to the other tabs no longer. */
  close(): void;
}

/** What of the browser it uses; a test has its own. */
export interface AccountOptions {
  readonly fetch?: typeof fetch;
  /** What is kept with the tab. */
  readonly tabStorage?: () => Storage;
  readonly tabs?: (name: string, shape: typeof SAID, onSaid: (said: Said) => void) => Tabs<Said>;
}

/** A refresh of the page loses nothing: the token stays with the tab. */
const KEY = "cordboard.account";

const SAID = tagged("type", {
  /** A tab that knows nobody asks the others. */
  who: object({}),
  account: object({ account: ACCOUNT }),
  "signed-out": object({ token: text }),
});

/** What tabs say to each other. */
export type Said = TypeOf<typeof SAID>;

export function createAccount(options: AccountOptions = {}): AccountStore {
  const kept = createKept(KEY, ACCOUNT, options.tabStorage);
  const current = signal(kept.get());
  const ended = signal<Problem | undefined>(undefined);
  const http = createHttp({
    token: () => current.peek()?.token,
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  const tabs = (options.tabs ?? createTabs)("cordboard", SAID, hear);

  function hear(said: Said): void {
    const own = current.peek();
    switch (said.type) {
      case "who":
        if (own) tabs.say({ type: "account", account: own });
        return;
      case "account":
        if (!own) keep(said.account);
        return;
      case "signed-out":
        if (own?.token === said.token) keep(undefined);
        return;
    }
  }

  function keep(next: Account | undefined): void {
    current.value = next;
    kept.set(next);
  }

  return {
    current,
    ended,
    http,
    async enter(name, password) {
      const result = await http.post("/api/v1/sign-in", { account: name, password });
      if (!result.ok) return result.problem;
      ended.value = undefined;
      keep(result.value);
      return undefined;
    },
    askTabs() {
      if (!current.peek()) tabs.say({ type: "who" });
    },
    async leave() {
      const own = current.peek();
      if (own) tabs.say({ type: "signed-out", token: own.token });
      await http.post("/api/v1/sign-out");
      keep(undefined);
    },
    end(problem) {
      ended.value = problem;
      keep(undefined);
    },
    close: tabs.close,
  };
}
