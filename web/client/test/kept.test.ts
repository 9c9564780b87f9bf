import { expect, it } from "vitest";
import { keptWithTab } from "../src/index.ts";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

it("is there again after a reload, and gone after it was taken out", () => {
  const tab = storage();
  keptWithTab("token", () => tab).set("t");
  const reloaded = keptWithTab("token", () => tab);
  expect(reloaded.get()).toBe("t");
  reloaded.set(undefined);
  expect(keptWithTab("token", () => tab).get()).toBeUndefined();
});

it("lasts as long as the page where nothing may be kept", () => {
  const denied = () => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };
  const kept = keptWithTab("token", denied);
  expect(kept.get()).toBeUndefined();
  kept.set("t");
  expect(kept.get()).toBe("t");
  kept.set(undefined);
  expect(kept.get()).toBeUndefined();
});
