import { describe, expect, it } from "vitest";
import { INITIAL_CRM, reduce } from "../src/crm/crm.ts";
import { add, durationOf, NONE, remove, type ShownNotification } from "../src/crm/notifications.ts";
import { parentOrigin } from "../src/crm/parent.ts";
import { sessionMessageFrom } from "../src/crm/session-messages.ts";
import { afterContactWork } from "../src/work/after-contact-work.ts";

describe("the origin of the embedding page", () => {
  const place = { search: "", ancestors: [], referrer: "" };

  it("comes from the address, or else from the browser", () => {
    const named = "?tenantId=ABCDEF&svnlframeOrigin=https%3A%2F%2Fservice.example";
    expect(parentOrigin({ ...place, search: named, ancestors: ["https://a.example"] })).toBe(
      "https://service.example",
    );
    expect(parentOrigin({ ...place, search: `${named}&clientOrigin=https://crm.example/app` })).toBe(
      "https://crm.example",
    );
    expect(parentOrigin({ ...place, ancestors: ["https://a.example", "https://b.example"] })).toBe(
      "https://a.example",
    );
    expect(parentOrigin({ ...place, referrer: "https://crm.example:8443/app?x" })).toBe(
      "https://crm.example:8443",
    );
  });

  it("is undefined if no source has a valid origin", () => {
    expect(
      parentOrigin({ search: "?clientOrigin=*", ancestors: ["null"], referrer: "about:blank" }),
    ).toBeUndefined();
  });
});

describe("a message of the session", () => {
  it("is read by its type", () => {
    const phase = { type: "phase", phase: "active" };
    expect(sessionMessageFrom(phase)).toEqual({ ok: true, value: phase });
    for (const other of [null, "phase", {}, { type: "later" }, { type: "phase", phase: "later" }]) {
      expect(sessionMessageFrom(other).ok).toBe(false);
    }
    const saved = { task_id: "T", interaction: "i", parameters: [["a", "b"], ["c"]] };
    expect(sessionMessageFrom({ type: "history", items: [saved] })).toEqual({
      ok: false,
      fault: 'items[0].parameters[1]: expected 2 members, found ["c"]',
    });
  });

  it("updates the state of the CRM page", () => {
    const refused = reduce(INITIAL_CRM, { type: "origin-refused", origin: "https://x.example", allowed: [] });
    expect(refused).toMatchObject({ phase: "refused", refused: { origin: "https://x.example" } });
    expect(reduce(refused, { type: "phase", phase: "refused" }).refused).toBeDefined();
    expect(reduce(refused, { type: "phase", phase: "pinging" }).refused).toBeUndefined();
    const user = { name: "Ann", locale: "de_DE" };
    const message = {
      type: "settings",
      settings: INITIAL_CRM.settings,
      user,
      crm_name: "Demo",
      has_directory: true,
    } as const;
    expect(reduce(INITIAL_CRM, message)).toMatchObject({ name: "Demo", hasDirectory: true, locale: "de_DE" });
  });

  it("names the step of the handshake that the session names", () => {
    for (const phase of ["opened", "refused", "pinging", "asking", "active"])
      expect(sessionMessageFrom({ type: "phase", phase }).ok, phase).toBe(true);
  });

  it("keeps the name of a person who was clicked while that person is consulted", () => {
    const begun = reduce(INITIAL_CRM, { type: "consulted", interaction: "i-1", live: true, name: "Bo" });
    expect(begun.consulted).toEqual({ "i-1": "Bo" });
    expect(
      reduce(begun, { type: "consulted", interaction: "i-1", live: false, name: null }).consulted,
    ).toEqual({});
  });

  it("keeps a limited number of clicked interactions", () => {
    let crm = INITIAL_CRM;
    for (let n = 0; n < 100; n += 1) crm = reduce(crm, { type: "clicked", interaction: `i-${n}` });
    expect(crm.clicked).toHaveLength(64);
    expect(crm.clicked.at(-1)).toBe("i-99");
  });
});

describe("after contact work", () => {
  const reason = (code: string) => ({ code, name: code, use: "not-ready" }) as const;

  it("is a reason of the floor, or any floor without reasons", () => {
    expect(afterContactWork([])).toBe("after-contact-work");
    expect(afterContactWork([reason("lunch"), reason("acw")])).toBe("acw");
    expect(afterContactWork([reason("lunch")])).toBeUndefined();
  });
});

describe("notifications", () => {
  const note = (id: number, more: Partial<ShownNotification> = {}): ShownNotification => ({
    id,
    at: 0,
    kind: "transient",
    severity: "ERROR",
    title: "",
    text: `text ${id}`,
    dialog_id: null,
    persist: false,
    store: false,
    ...more,
  });

  it("are toasts or dialogs, and stored on request", () => {
    const notes = [
      note(1),
      note(2, { kind: "okDialog" }),
      note(3, { kind: "html", store: true }),
      note(4, { kind: "fixedDialog", store: true }),
    ].reduce(add, NONE);
    expect(notes.toasts.map(({ id }) => id)).toEqual([1, 3]);
    expect(notes.dialogs.map(({ id }) => id)).toEqual([2, 4]);
    expect(notes.inbox.map(({ id }) => id)).toEqual([4, 3]);
  });

  it("replace an earlier one with the same dialog ID", () => {
    const notes = [
      note(1, { kind: "okDialog", dialog_id: "7" }),
      note(2, { kind: "okDialog", dialog_id: "7" }),
    ].reduce(add, NONE);
    expect(notes.dialogs.map(({ id }) => id)).toEqual([2]);
    expect(remove(notes, 2).dialogs).toEqual([]);
  });

  it("are limited in number", () => {
    let notes = NONE;
    for (let id = 0; id < 200; id += 1)
      notes = add(notes, note(id, { store: true, kind: id % 2 ? "okDialog" : "transient" }));
    expect([notes.toasts.length, notes.dialogs.length, notes.inbox.length]).toEqual([3, 8, 50]);
  });

  it("disappear after a while, unless they must be closed", () => {
    expect(durationOf(note(1))).toBe(8_000);
    expect(durationOf(note(1, { persist: true }))).toBeUndefined();
    expect(durationOf(note(1, { kind: "okDialog" }))).toBeUndefined();
    expect(durationOf(note(1, { kind: "fixedDialog", persist: true }))).toBe(60_000);
  });
});
