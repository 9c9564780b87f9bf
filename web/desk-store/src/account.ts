/** The account that is signed in, shared by all tabs of the browser. */

import {
  createHttp,
  createStoredValue,
  createTabs,
  type Http,
  leaveForProvider,
  PrincipalShape,
  type Problem,
  type ProviderFailure,
  type ProviderResult,
  resumeSignIn,
  signInInPopup,
  type Tabs,
  type TextStorage,
} from "@cordboard/client";
import { flag, object, type TypeOf, tagged, text } from "@cordboard/guard";
import { type ReadonlySignal, signal } from "@preact/signals";

const ACCOUNT = object({ token: text, principal: PrincipalShape }, { provider: flag });

/** The signed-in account and its access token. `provider`: the person signed in through the provider. */
export type Account = TypeOf<typeof ACCOUNT>;

export interface AccountStore {
  readonly current: ReadonlySignal<Account | undefined>;
  /** Why the server ended the last session; undefined after a normal sign-out. */
  readonly ended: ReadonlySignal<Problem | undefined>;
  /** The HTTP client. It sends the token of the signed-in account. */
  readonly http: Http;
  /** Signs in. `code`: of the second factor, if the account needs one. Returns the problem if the server refuses. */
  openSession(name: string, password: string, code?: string): Promise<Problem | undefined>;
  /** Opens a session through the provider: in this window, or with a popup if this page is in a frame. Returns the failure. */
  openProvider(phone: string | undefined): Promise<ProviderFailure | undefined>;
  /**
   * Opens the session for which this window left its page. Returns undefined if there is none, and otherwise the failure, or the phone that
   * was entered before.
   */
  resumeProvider(): Promise<
    { readonly failure: ProviderFailure | undefined; readonly phone: string | undefined } | undefined
  >;
  /** Opens a session with an access token. Returns the problem if the server refuses. */
  openToken(token: string): Promise<Problem | undefined>;
  /** Whether other tabs get the account of this one when they ask. Default: true. */
  share(on: boolean): void;
  /** Asks the other tabs for their account. */
  requestAccount(): void;
  /** Ends the session in all tabs. */
  closeSession(): Promise<void>;
  /** Removes the account because the server ended its session. */
  expire(problem: Problem): void;
  /** Stops listening to the other tabs. */
  close(): void;
}

/** Browser features that tests replace. */
export interface AccountOptions {
  readonly fetch?: typeof fetch;
  /** Storage of this tab. */
  readonly tabStorage?: () => Storage;
  /** Storage of the account. Default: the storage of this tab. */
  readonly accountStorage?: () => TextStorage;
  /** How long the server may take to answer. Milliseconds. */
  readonly responseMs?: () => number | undefined;
  readonly tabs?: (
    name: string,
    shape: typeof TAB_MESSAGE,
    onMessage: (message: TabMessage) => void,
  ) => Tabs<TabMessage>;
}

/** The key in the tab’s storage. The account survives a reload of the page. */
const KEY = "cordboard.account";

const TAB_MESSAGE = tagged("type", {
  /** A tab without an account asks the other tabs. */
  who: object({}),
  account: object({ account: ACCOUNT }),
  "signed-out": object({ token: text }),
});

/** A message between tabs. */
export type TabMessage = TypeOf<typeof TAB_MESSAGE>;

export function createAccount(options: AccountOptions = {}): AccountStore {
  const stored = createStoredValue(KEY, ACCOUNT, options.accountStorage ?? options.tabStorage);
  const current = signal(stored.get());
  const ended = signal<Problem | undefined>(undefined);
  const http = createHttp({
    token: () => current.peek()?.token,
    responseMs: options.responseMs,
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  let shared = true;
  const tabs = (options.tabs ?? createTabs)("cordboard", TAB_MESSAGE, receive);

  function receive(message: TabMessage): void {
    const own = current.peek();
    switch (message.type) {
      case "who":
        if (own && shared) tabs.send({ type: "account", account: own });
        return;
      case "account":
        if (!own) store(message.account);
        return;
      case "signed-out":
        if (own?.token === message.token) store(undefined);
        return;
    }
  }

  function store(next: Account | undefined): void {
    current.value = next;
    stored.set(next);
  }

  function opened(result: ProviderResult): ProviderFailure | undefined {
    if (!result.ok) return result.failure;
    ended.value = undefined;
    const { token, principal } = result.value;
    store({ token, principal, provider: true });
    return undefined;
  }

  /** Leaves for the page where the person signs out at the provider, if the server names one. */
  async function leaveProvider(): Promise<void> {
    const page = await http.post("/api/v1/sign-in/oidc/sign-out");
    if (page.ok && page.value.url != null) location.assign(page.value.url);
  }

  return {
    current,
    ended,
    http,
    async openSession(account, password, code) {
      const second = code === undefined ? {} : { code };
      const result = await http.post("/api/v1/sign-in", { account, password, ...second });
      if (!result.ok) return result.problem;
      ended.value = undefined;
      store(result.value);
      return undefined;
    },
    async openProvider(phone) {
      return inFrame() ? opened(await signInInPopup(http)) : leaveForProvider(http, phone);
    },
    async resumeProvider() {
      const resumed = await resumeSignIn(http);
      return resumed && { failure: opened(resumed.result), phone: resumed.phone };
    },
    async openToken(token) {
      const own = createHttp({ token: () => token, ...(options.fetch ? { fetch: options.fetch } : {}) });
      const principal = await own.get("/api/v1/me");
      if (!principal.ok) return principal.problem;
      ended.value = undefined;
      store({ token, principal: principal.value });
      return undefined;
    },
    share(on) {
      shared = on;
    },
    requestAccount() {
      if (!current.peek()) tabs.send({ type: "who" });
    },
    async closeSession() {
      const own = current.peek();
      if (own) tabs.send({ type: "signed-out", token: own.token });
      await http.post("/api/v1/sign-out");
      store(undefined);
      if (own?.provider && !inFrame()) await leaveProvider();
    },
    expire(problem) {
      ended.value = problem;
      store(undefined);
    },
    close: tabs.close,
  };
}

function inFrame(): boolean {
  return window.parent !== window;
}
