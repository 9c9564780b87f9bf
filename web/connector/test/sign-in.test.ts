import { describe, expect, it, vi } from "vitest";
import { frameStorage, type StoragePage, storageKind } from "../src/crm/frame-storage.ts";
import { acceptHostSignIn } from "../src/crm/host-sign-in.ts";

/** A page whose storage is blocked. With `cookies`, the browser keeps partitioned cookies. */
function blocked(cookies: boolean): StoragePage & { written: string[] } {
  const jar = new Map<string, string>();
  const written: string[] = [];
  return {
    written,
    location: { pathname: "/sfdc-workspaces/" },
    get sessionStorage(): Storage {
      throw new Error("Access is denied for this document.");
    },
    document: {
      get cookie() {
        return [...jar].map(([key, value]) => `${key}=${value}`).join("; ");
      },
      set cookie(text: string) {
        written.push(text);
        const [pair = ""] = text.split("; ");
        const [key = "", value = ""] = pair.split("=");
        if (text.includes("Max-Age=0")) jar.delete(key);
        else if (cookies) jar.set(key, value);
      },
    },
  };
}

describe("the storage of the sign-in", () => {
  it("is a partitioned cookie if the browser blocks the storage of the frame", () => {
    const page = blocked(true);
    const storage = frameStorage(page);
    storage.setItem("cordboard.account", '{"token":"a b;c"}');
    expect(frameStorage(page).getItem("cordboard.account")).toBe('{"token":"a b;c"}');
    expect(page.written[0]).toContain("Path=/sfdc-workspaces; Secure; SameSite=None; Partitioned");
    storage.removeItem("cordboard.account");
    expect(storage.getItem("cordboard.account")).toBeNull();
  });

  it("is tested as it is used", () => {
    expect(storageKind(blocked(true))).toBe("cookie");
    expect(storageKind(blocked(false))).toBe("none");
    const kept = new Map<string, string>();
    const sessionStorage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    } as unknown as Storage;
    const page = { location: { pathname: "/connector/" }, document: { cookie: "" }, sessionStorage };
    expect(storageKind(page)).toBe("tab");
  });
});

describe("a sign-in of the embedding page", () => {
  const origin = "https://crm.example";
  const answer = { type: "ClientAppMessage", action: "signIn", data: { token: "t-1" } };

  function rig(signedIn = false) {
    const receiver = new EventTarget();
    const parent = { postMessage: vi.fn() };
    const openToken = vi.fn(async () => undefined);
    const options = { origin, parent, receiver, isSignedIn: () => signedIn, openToken };
    const request = acceptHostSignIn(options as unknown as Parameters<typeof acceptHostSignIn>[0]);
    const say = (data: unknown, from = origin, source: unknown = parent) =>
      receiver.dispatchEvent(Object.assign(new Event("message"), { data, origin: from, source }));
    return { request, say, parent, openToken };
  }

  it("is requested, and opens the session of its token", () => {
    const { request, say, parent, openToken } = rig();
    request();
    expect(parent.postMessage).toHaveBeenCalledWith(
      { type: "CRMConnectMessage", action: "requestSignIn" },
      origin,
    );
    say(answer);
    expect(openToken).toHaveBeenCalledWith("t-1");
  });

  it("is accepted only from the embedding page, as a message with a token", () => {
    const { say, openToken } = rig();
    say(answer, "https://evil.example");
    say(answer, origin, {});
    for (const data of [null, "signIn", { ...answer, type: "CRMConnectMessage" }, { ...answer, data: {} }])
      say(data);
    expect(openToken).not.toHaveBeenCalled();
  });

  it("does not replace the account that is signed in", () => {
    const { request, say, parent, openToken } = rig(true);
    request();
    say(answer);
    expect(parent.postMessage).not.toHaveBeenCalled();
    expect(openToken).not.toHaveBeenCalled();
  });
});
