import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Http } from "../src/http.ts";
import {
  leaveForProvider,
  resumeSignIn,
  returnedFrom,
  returnFromProvider,
  signInInPopup,
} from "../src/provider.ts";

const ORIGIN = "https://cti.example";
const PROVIDER = `https://login.example/?state=s&redirect_uri=${encodeURIComponent(`${ORIGIN}/sign-in/`)}`;
const ANSWER = { type: "cordboard-sign-in", returned: { state: "s", code: "c" } };

/** A browser window at `path`. */
function open(path: string, opener: unknown = null) {
  const { pathname, search } = new URL(path, ORIGIN);
  const kept = new Map<string, string>();
  const own = new EventTarget();
  const popup = { closed: false, close: vi.fn(), location: { replace: vi.fn() } };
  const location = { origin: ORIGIN, pathname, search, assign: vi.fn(), replace: vi.fn() };
  const replaceState = vi.fn();
  vi.stubGlobal("location", location);
  vi.stubGlobal("history", { replaceState });
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("window", Object.assign(own, { opener, open: vi.fn(() => popup) }));
  const say = (data: unknown, origin = ORIGIN, source: unknown = popup) =>
    own.dispatchEvent(Object.assign(new Event("message"), { data, origin, source }));
  return { kept, popup, location, replaceState, say };
}

/** A server that begins sign-ins and completes them. */
function server(provider = PROVIDER) {
  const post = vi.fn(async (path: string, _body?: unknown) => ({
    ok: true,
    value: path.endsWith("/complete") ? { token: "t" } : { url: provider, ticket: "k" },
  }));
  return { post, http: { post } as unknown as Http };
}

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a sign-in in this window", () => {
  it("comes back to its page with what the provider sent, and is completed once", async () => {
    const { http, post } = server();
    const before = open("/connector/?a=b");
    void leaveForProvider(http, "1015");
    await vi.waitFor(() => expect(before.location.assign).toHaveBeenCalledWith(PROVIDER));

    const back = open("/sign-in/?code=c&state=s&iss=https%3A%2F%2Flogin.example");
    for (const [key, value] of before.kept) back.kept.set(key, value);
    expect(returnFromProvider()).toBe(true);
    expect(back.replaceState).toHaveBeenCalledWith(null, "", "/sign-in/");
    expect(back.location.replace).toHaveBeenCalledWith(`${ORIGIN}/connector/?a=b`);

    expect(await resumeSignIn(http)).toEqual({ result: { ok: true, value: { token: "t" } }, phone: "1015" });
    expect(post).toHaveBeenLastCalledWith("/api/v1/sign-in/oidc/complete", {
      ticket: "k",
      state: "s",
      code: "c",
      iss: "https://login.example",
    });
    expect(await resumeSignIn(http)).toBeUndefined();
  });

  it("never leads to another site", () => {
    for (const page of [
      "https://evil.example/x",
      "//evil.example/x",
      "/\\evil.example/x",
      "https://a.example//x",
    ]) {
      const { kept, location } = open("/sign-in/?code=c&state=s");
      kept.set("cordboard.sign-in", JSON.stringify({ ticket: "k", state: "s", page }));
      expect(returnFromProvider()).toBe(true);
      expect(location.replace.mock.calls[0]?.[0]).toMatch(/^https:\/\/cti\.example\/\/?x$/);
    }
  });

  it("is not begun at another origin than that of the redirect URL", async () => {
    const other = server(PROVIDER.replace("cti.example", "cti2.example"));
    const { location, popup } = open("/");
    expect(await leaveForProvider(other.http, undefined)).toEqual({ elsewhere: "https://cti2.example" });
    expect(location.assign).not.toHaveBeenCalled();
    expect(await signInInPopup(other.http)).toEqual({
      ok: false,
      failure: { elsewhere: "https://cti2.example" },
    });
    expect(popup.close).toHaveBeenCalled();
  });

  it("is not completed with the answer to another one", () => {
    const { kept, location } = open("/sign-in/?code=c&state=other");
    kept.set("cordboard.sign-in", JSON.stringify({ ticket: "k", state: "s", page: "/" }));
    expect(returnFromProvider()).toBe(false);
    expect(location.replace).not.toHaveBeenCalled();
  });
});

describe("a sign-in in a popup", () => {
  it("is passed to a page of the same origin only", () => {
    const opener = { postMessage: vi.fn() };
    open("/sign-in/?code=c&state=s", opener);
    expect(returnFromProvider()).toBe(true);
    expect(opener.postMessage).toHaveBeenCalledWith(ANSWER, ORIGIN);
  });

  it("is completed with the answer of its own popup", async () => {
    const { http, post } = server();
    const { popup, say } = open("/connector/");
    const result = signInInPopup(http);
    await vi.waitFor(() => expect(popup.location.replace).toHaveBeenCalledWith(PROVIDER));
    const forged = { ...ANSWER, returned: { state: "s", code: "forged" } };
    say(forged, "https://evil.example");
    say(forged, ORIGIN, {});
    for (const data of [null, "s", { ...forged, type: "other" }, { ...forged, returned: { state: "x" } }])
      say(data);
    say(ANSWER);
    say(forged);
    expect(await result).toEqual({ ok: true, value: { token: "t" } });
    expect(popup.close).toHaveBeenCalled();
    expect(post.mock.calls.filter(([path]) => path.endsWith("/complete"))).toEqual([
      ["/api/v1/sign-in/oidc/complete", { ticket: "k", state: "s", code: "c" }],
    ]);
  });

  it("fails if the popup is blocked or closed", async () => {
    const { http } = server();
    const { popup } = open("/connector/");
    const result = signInInPopup(http);
    popup.closed = true;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await result).toEqual({ ok: false, failure: "closed" });
    vi.stubGlobal("window", { open: () => null });
    expect(await signInInPopup(http)).toEqual({ ok: false, failure: "blocked" });
  });
});

describe("the answer of the provider", () => {
  it("has a state, and a code or an error", () => {
    expect(returnedFrom("?state=s&code=c&session_state=x")).toEqual({ state: "s", code: "c" });
    expect(returnedFrom("?state=s&error=access_denied")).toEqual({ state: "s", error: "access_denied" });
    expect(returnedFrom("?code=c")).toBeUndefined();
    expect(returnedFrom("")).toBeUndefined();
  });
});
