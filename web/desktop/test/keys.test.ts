import { KEYS } from "@cordboard/desk-ui";
import { describe, expect, it } from "vitest";
import { createWriting, type Place, type Press, shortcutFor, WRITES_ON_MS } from "../src/work/keys.ts";

const WORK: Place = { field: false, form: false, list: false, tabs: false, dialog: false, work: true };

function press(key: string, more: Partial<Press> & { readonly altGraph?: boolean } = {}): Press {
  const { altGraph = false, ...others } = more;
  return {
    key,
    keyCode: 0,
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    repeat: false,
    isComposing: false,
    getModifierState: (name) => altGraph && name === "AltGraph",
    ...others,
  };
}

/** What typing a text asks for. */
function asked(text: string, place: Place): (string | undefined)[] {
  return [...text].map((key) => shortcutFor(press(key, { shiftKey: key !== key.toLowerCase() }), place));
}

describe("keys", () => {
  it("act in the work area, also on its tabs and with caps lock", () => {
    expect(shortcutFor(press("h"), WORK)).toBe("hold");
    expect(shortcutFor(press("H"), WORK)).toBe("hold");
    expect(shortcutFor(press("h"), { ...WORK, tabs: true })).toBe("hold");
    expect(shortcutFor(press("?", { shiftKey: true }), WORK)).toBe("help");
  });

  it.each([
    ["in a field", { field: true }],
    ["on the button of a form", { form: true }],
    ["in a menu", { list: true }],
    ["in a dialog", { dialog: true }],
    ["beside the work area", { work: false }],
  ] as const)("letters %s reach no call", (_, part) => {
    const reached = asked("she will ring back. Hang up, extra", { ...WORK, ...part });
    expect(reached.filter((shortcut) => shortcut && shortcut !== "answer")).toEqual([]);
    expect(shortcutFor(press("End", { altKey: true }), { ...WORK, ...part })).toBeUndefined();
  });

  it("a call is answered wherever the focus is, unless somebody writes", () => {
    const places = [{ form: true }, { list: true }, { tabs: true }, { dialog: true }, { work: false }];
    for (const part of places) expect(shortcutFor(press("a"), { ...WORK, ...part })).toBe("answer");
    expect(shortcutFor(press("a"), { ...WORK, field: true })).toBeUndefined();
  });

  it("no text hangs up: it takes a modifier that no letter has", () => {
    expect(asked("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ", WORK)).not.toContain("release");
    expect(shortcutFor(press("End", { altKey: true }), WORK)).toBe("release");
    expect(shortcutFor(press("End"), WORK)).toBeUndefined();
  });

  it.each([
    ["held", { repeat: true }],
    ["composed", { isComposing: true }],
    ["of a composition that begins", { keyCode: 229 }],
    ["with Shift", { shiftKey: true }],
    ["with Ctrl", { ctrlKey: true }],
    ["with Alt", { altKey: true }],
    ["with Meta", { metaKey: true }],
    ["with AltGr", { altGraph: true }],
  ] as const)("a letter %s does nothing", (_, more) => {
    for (const key of Object.values(KEYS).filter((key) => /^[a-z]$/.test(key))) {
      expect(shortcutFor(press(key, more), WORK)).toBeUndefined();
    }
  });

  it("hanging up takes its modifier and no other, pressed once", () => {
    for (const more of [{ repeat: true }, { shiftKey: true }, { ctrlKey: true }, { metaKey: true }]) {
      expect(shortcutFor(press("End", { altKey: true, ...more }), WORK)).toBeUndefined();
    }
  });

  it("arrows stay in tabs", () => {
    expect(shortcutFor(press("ArrowDown"), WORK)).toBe("next");
    expect(shortcutFor(press("ArrowDown"), { ...WORK, tabs: true })).toBeUndefined();
  });
});

describe("writing", () => {
  it("goes on when the field goes away, until there is a pause", () => {
    const writing = createWriting();
    expect(writing.press(press("s"), true, 0)).toBe(true);
    expect(writing.press(press("h"), false, 200)).toBe(true);
    expect(writing.press(press("e"), false, 200 + WRITES_ON_MS - 1)).toBe(true);
    expect(writing.press(press("h"), false, 5 * WRITES_ON_MS)).toBe(false);
  });

  it.each(["Tab", "Escape", "Enter"])("ends with %s", (key) => {
    const writing = createWriting();
    writing.press(press("s"), true, 0);
    writing.press(press(key), true, 10);
    expect(writing.press(press("h"), false, 20)).toBe(false);
  });

  it("ends with the pointer", () => {
    const writing = createWriting();
    writing.press(press("s"), true, 0);
    writing.stop();
    expect(writing.press(press("h"), false, 20)).toBe(false);
  });
});
