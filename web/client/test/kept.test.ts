import { number, text } from "@cordboard/guard";
import { expect, it } from "vitest";
import { createKept } from "../src/index.ts";

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
  createKept("token", text, () => tab).set("t");
  const reloaded = createKept("token", text, () => tab);
  expect(reloaded.get()).toBe("t");
  reloaded.set(undefined);
  expect(createKept("token", text, () => tab).get()).toBeUndefined();
});

it("lasts as long as the page where nothing may be kept", () => {
  const denied = () => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };
  const kept = createKept("token", text, denied);
  expect(kept.get()).toBeUndefined();
  kept.set("t");
  expect(kept.get()).toBe("t");
  kept.set(undefined);
  expect(kept.get()).toBeUndefined();
});

it("is not there when it was kept in another shape", () => {
  const tab = storage();
  tab.setItem("token", "{");
  expect(createKept("token", text, () => tab).get()).toBeUndefined();
  createKept("token", text, () => tab).set("t");
  expect(createKept("token", number, () => tab).get()).toBeUndefined();
});
