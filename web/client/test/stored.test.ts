import { number, text } from "@cordboard/guard";
import { expect, it } from "vitest";
import { createStoredValue } from "../src/index.ts";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

it("survives a reload, and can be removed", () => {
  const tab = storage();
  createStoredValue("token", text, () => tab).set("t");
  const reloaded = createStoredValue("token", text, () => tab);
  expect(reloaded.get()).toBe("t");
  reloaded.set(undefined);
  expect(createStoredValue("token", text, () => tab).get()).toBeUndefined();
});

it("lasts until the page is closed if storage is blocked", () => {
  const denied = () => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };
  const kept = createStoredValue("token", text, denied);
  expect(kept.get()).toBeUndefined();
  kept.set("t");
  expect(kept.get()).toBe("t");
  kept.set(undefined);
  expect(kept.get()).toBeUndefined();
});

it("is ignored if it has another shape", () => {
  const tab = storage();
  tab.setItem("token", "{");
  expect(createStoredValue("token", text, () => tab).get()).toBeUndefined();
  createStoredValue("token", text, () => tab).set("t");
  expect(createStoredValue("token", number, () => tab).get()).toBeUndefined();
});
