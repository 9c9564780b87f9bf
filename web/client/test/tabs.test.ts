import { object, text } from "@cordboard/guard";
import { afterEach, expect, it, vi } from "vitest";
import { createTabs } from "../src/index.ts";

class Channel {
  static last: Channel;
  readonly name: string;
  readonly sent: unknown[] = [];
  onmessage = (_: { data: unknown }) => {};
  constructor(name: string) {
    this.name = name;
    Channel.last = this;
  }
  postMessage(message: unknown) {
    this.sent.push(message);
  }
  close() {}
}

afterEach(() => vi.unstubAllGlobals());

it("receives messages of other tabs, and ignores unknown shapes", () => {
  vi.stubGlobal("BroadcastChannel", Channel);
  const heard: unknown[] = [];
  const tabs = createTabs("desk", object({ type: text }), (said) => heard.push(said));
  for (const data of [null, "who", { type: 5 }, { type: "who" }]) Channel.last.onmessage({ data });
  expect(heard).toEqual([{ type: "who" }]);
  tabs.send({ type: "here" });
  expect([Channel.last.name, Channel.last.sent]).toEqual(["desk", [{ type: "here" }]]);
});
