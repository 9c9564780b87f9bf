import { KEYS } from "@cordboard/desk-ui";
import { describe, expect, it } from "vitest";
import {
  createTypingDetector,
  type FocusContext,
  type KeyPress,
  shortcutFor,
  TYPING_MS,
} from "../src/work/keys.ts";

const WORK: FocusContext = { field: false, form: false, list: false, tabs: false, dialog: false, work: true };

function press(key: string, more: Partial<KeyPress> & { readonly altGraph?: boolean } = {}): KeyPress {
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

/** The shortcuts that typing a text triggers. */
function asked(text: string, place: FocusContext): (string | undefined)[] {
  return [...text].map((key) => shortcutFor(press(key, { shiftKey: key !== key.toLowerCase() }), place));
}

describe("keyboard shortcuts", () => {
  it("work in the Work tab, also on tabs and with caps lock", () => {
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

  it("Answer works everywhere outside of text fields", () => {
    const places = [{ form: true }, { list: true }, { tabs: true }, { dialog: true }, { work: false }];
    for (const part of places) expect(shortcutFor(press("a"), { ...WORK, ...part })).toBe("answer");
    expect(shortcutFor(press("a"), { ...WORK, field: true })).toBeUndefined();
  });

  it("no typed text hangs up", () => {
    expect(asked("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ", WORK)).not.toContain("hangUp");
    expect(shortcutFor(press("End", { altKey: true }), WORK)).toBe("hangUp");
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

  it("Hang up needs exactly its modifier, pressed once", () => {
    for (const more of [{ repeat: true }, { shiftKey: true }, { ctrlKey: true }, { metaKey: true }]) {
      expect(shortcutFor(press("End", { altKey: true, ...more }), WORK)).toBeUndefined();
    }
  });

  it("arrow keys stay within tabs", () => {
    expect(shortcutFor(press("ArrowDown"), WORK)).toBe("next");
    expect(shortcutFor(press("ArrowDown"), { ...WORK, tabs: true })).toBeUndefined();
  });
});

describe("typing", () => {
  it("continues when the field disappears, until there is a pause", () => {
    const typing = createTypingDetector();
    expect(typing.press(press("s"), true, 0)).toBe(true);
    expect(typing.press(press("h"), false, 200)).toBe(true);
    expect(typing.press(press("e"), false, 200 + TYPING_MS - 1)).toBe(true);
    expect(typing.press(press("h"), false, 5 * TYPING_MS)).toBe(false);
  });

  it.each(["Tab", "Escape", "Enter"])("ends with %s", (key) => {
    const typing = createTypingDetector();
    typing.press(press("s"), true, 0);
    typing.press(press(key), true, 10);
    expect(typing.press(press("h"), false, 20)).toBe(false);
  });

  it("ends with a click", () => {
    const typing = createTypingDetector();
    typing.press(press("s"), true, 0);
    typing.stop();
    expect(typing.press(press("h"), false, 20)).toBe(false);
  });
});
