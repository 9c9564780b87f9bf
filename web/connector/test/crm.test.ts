import { describe, expect, it } from "vitest";
import { originAround } from "../src/crm/around.ts";
import { hear, NOTHING } from "../src/crm/crm.ts";
import { add, goesAfter, NONE, type Note, remove } from "../src/crm/notes.ts";
import { toldFrom } from "../src/crm/words.ts";

describe("the page around", () => {
  const place = { search: "", ancestors: [], referrer: "" };

  it("is the one that our address names, else the one that the browser names", () => {
    const named = "?tenantId=ABCDEF&svnlframeOrigin=https%3A%2F%2Fservice.example";
    expect(originAround({ ...place, search: named, ancestors: ["https://a.example"] })).toBe(
      "https://service.example",
    );
    expect(originAround({ ...place, search: `${named}&clientOrigin=https://crm.example/app` })).toBe(
      "https://crm.example",
    );
    expect(originAround({ ...place, ancestors: ["https://a.example", "https://b.example"] })).toBe(
      "https://a.example",
    );
    expect(originAround({ ...place, referrer: "https://crm.example:8443/app?x" })).toBe(
      "https://crm.example:8443",
    );
  });

  it("is none where nobody says anything that is an origin", () => {
    expect(
      originAround({ search: "?clientOrigin=*", ancestors: ["null"], referrer: "about:blank" }),
    ).toBeUndefined();
  });
});

describe("what the session tells", () => {
  it("is read by its type", () => {
    const phase = { type: "phase", phase: "active" };
    expect(toldFrom(phase)).toEqual({ ok: true, value: phase });
    for (const other of [null, "phase", {}, { type: "later" }, { type: "phase", phase: "later" }]) {
      expect(toldFrom(other).ok).toBe(false);
    }
    const saved = { task_id: "T", interaction: "i", parameters: [["a", "b"], ["c"]] };
    expect(toldFrom({ type: "history", items: [saved] })).toEqual({
      ok: false,
      fault: 'items[0].parameters[1]: expected 2 members, found ["c"]',
    });
  });

  it("makes the picture of the page around", () => {
    const refused = hear(NOTHING, { type: "origin-refused", origin: "https://x.example", allowed: [] });
    expect(refused).toMatchObject({ phase: "refused", refused: { origin: "https://x.example" } });
    expect(hear(refused, { type: "phase", phase: "refused" }).refused).toBeDefined();
    expect(hear(refused, { type: "phase", phase: "pinging" }).refused).toBeUndefined();
    const user = { name: "Ann", locale: "de_DE" };
    const told = {
      type: "settings",
      settings: NOTHING.settings,
      user,
      crm_name: "Demo",
      has_directory: true,
    } as const;
    expect(hear(NOTHING, told)).toMatchObject({ name: "Demo", hasDirectory: true, locale: "de_DE" });
  });

  it("remembers so many clicks", () => {
    let crm = NOTHING;
    for (let n = 0; n < 100; n += 1) crm = hear(crm, { type: "clicked", interaction: `i-${n}` });
    expect(crm.clicked).toHaveLength(64);
    expect(crm.clicked.at(-1)).toBe("i-99");
  });
});

describe("notes", () => {
  const note = (id: number, more: Partial<Note> = {}): Note => ({
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

  it("pass, or are dialogs, or are kept, as the CRM says", () => {
    const notes = [
      note(1),
      note(2, { kind: "okDialog" }),
      note(3, { kind: "html", store: true }),
      note(4, { kind: "fixedDialog", store: true }),
    ].reduce(add, NONE);
    expect(notes.passing.map(({ id }) => id)).toEqual([1, 3]);
    expect(notes.dialogs.map(({ id }) => id)).toEqual([2, 4]);
    expect(notes.kept.map(({ id }) => id)).toEqual([4, 3]);
  });

  it("of one id take each other's place", () => {
    const notes = [
      note(1, { kind: "okDialog", dialog_id: "7" }),
      note(2, { kind: "okDialog", dialog_id: "7" }),
    ].reduce(add, NONE);
    expect(notes.dialogs.map(({ id }) => id)).toEqual([2]);
    expect(remove(notes, 2).dialogs).toEqual([]);
  });

  it("never are more than so many", () => {
    let notes = NONE;
    for (let id = 0; id < 200; id += 1)
      notes = add(notes, note(id, { store: true, kind: id % 2 ? "okDialog" : "transient" }));
    expect([notes.passing.length, notes.dialogs.length, notes.kept.length]).toEqual([3, 8, 50]);
  });

  it("go after a while, unless they are to stay", () => {
    expect(goesAfter(note(1))).toBe(8_000);
    expect(goesAfter(note(1, { persist: true }))).toBeUndefined();
    expect(goesAfter(note(1, { kind: "okDialog" }))).toBeUndefined();
    expect(goesAfter(note(1, { kind: "fixedDialog", persist: true }))).toBe(60_000);
  });
});
