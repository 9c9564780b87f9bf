import type { Event } from "@cordboard/client";
import { chooseLanguage } from "@cordboard/texts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSettings } from "../src/index.ts";
import {
  always,
  createBrowser,
  createStorage,
  FLOOR,
  ID,
  RINGING,
  type Rig,
  refuse,
  rig,
  SIGNED_IN,
  snapshot,
} from "./rig.ts";

beforeEach(() => {
  vi.useFakeTimers();
  chooseLanguage("en");
});
afterEach(() => void vi.useRealTimers());

const settled = () => vi.advanceTimersByTimeAsync(0);

/** Signs an agent in, and sends a snapshot. */
async function signedIn(desk: Rig, interactions: readonly unknown[] = []): Promise<void> {
  await desk.store.session.signIn("ann", "secret", "");
  desk.sockets.at(-1)?.onopen();
  desk.sockets.at(-1)?.say(snapshot(interactions));
  await settled();
}

const texts = ({ store }: Rig) => store.messages.list.value.map(({ text }) => text);

describe("a session", () => {
  it("starts with a sign-in, and then has the agent, the floor and the calls", async () => {
    const desk = rig();
    await signedIn(desk, [RINGING, { ...RINGING, id: "other", agent: "1002" }]);
    const { session, names } = desk.store;
    expect(desk.asked.slice(0, 2)).toEqual([
      ["/api/v1/sign-in", { account: "ann", password: "secret" }],
      ["/api/v1/agents/1001/commands", { verb: "sign-in" }],
    ]);
    expect(desk.sockets[0]?.sent).toEqual([{ type: "subscribe", token: "t", can: true }]);
    expect(session.agent.value).toMatchObject({ name: "Ann", state: "ready" });
    expect(session.interactions.value.map(({ id }) => id)).toEqual([ID]);
    expect(session.floor.value).toEqual(FLOOR);
    expect(names.queueName("7700")).toBe("Support");
  });

  it("signs a supervisor in at a phone only if the phone is named", async () => {
    const desk = rig();
    const principal = { ...SIGNED_IN.principal, role: "supervisor" };
    desk.answers["/api/v1/sign-in"] = () => Response.json({ ...SIGNED_IN, principal });
    await desk.store.session.signIn("vera", "secret", "");
    expect(desk.asked.map(([path]) => path)).toEqual(["/api/v1/sign-in"]);
    await desk.store.session.signIn("vera", "secret", "2009");
    expect(desk.asked.at(-1)).toEqual(["/api/v1/agents/1001/commands", { verb: "sign-in", device: "2009" }]);
  });

  it("moves the agent to another phone and other queues, and returns the problem", async () => {
    const desk = rig();
    await signedIn(desk);
    const { session } = desk.store;
    expect(await session.signInAt("2009", ["7710"])).toBeUndefined();
    expect(desk.asked.at(-1)).toEqual([
      "/api/v1/agents/1001/commands",
      { verb: "sign-in", device: "2009", queues: ["7710"] },
    ]);
    await session.signInAt("", []);
    expect(desk.asked.at(-1)?.[1]).toEqual({ verb: "sign-in", queues: [] });
    desk.answers["/api/v1/agents/1001/commands"] = refuse("not-found", 404);
    expect(await session.signInAt("2009", ["7710"])).toMatchObject({ code: "not-found" });
    expect(texts(desk), "the form shows the problem").toEqual([]);
    expect(session.account.value).toBeDefined();
  });

  it("is separate for each store", async () => {
    const [one, other] = [rig(), rig()];
    await signedIn(one, [RINGING]);
    expect(one.store.session.interactions.value).toHaveLength(1);
    expect(other.store.session.account.value).toBeUndefined();
    expect(other.sockets).toHaveLength(0);
  });

  it("survives a reload, unless the stored value is not an account", () => {
    const stored = JSON.stringify({
      token: "t",
      principal: { account: "ann", role: "agent", agent: "1001" },
    });
    const reloaded = rig({ tabStorage: always(createStorage({ "cordboard.account": stored })) });
    expect(reloaded.store.session.account.value?.token).toBe("t");
    expect(reloaded.sockets).toHaveLength(1);
    for (const bad of ["{", "null", '{"token":5}', '{"token":"t","principal":{"account":"ann"}}']) {
      const other = rig({ tabStorage: always(createStorage({ "cordboard.account": bad })) });
      expect(other.store.session.account.value).toBeUndefined();
    }
  });

  it("is shared with other tabs, and ends in all of them", async () => {
    const tabs = createBrowser();
    const one = rig({ tabs });
    await signedIn(one);
    const other = rig({ tabs });
    expect(other.store.session.account.value?.token).toBe("t");
    await one.store.session.signOut();
    expect(one.asked.slice(-2).map(([path]) => path)).toEqual([
      "/api/v1/agents/1001/commands",
      "/api/v1/sign-out",
    ]);
    expect(one.store.session.account.value).toBeUndefined();
    expect(other.store.session.account.value).toBeUndefined();
    expect(other.sockets[0]?.closed).toBe(true);
  });

  it("is not shared if the page says so", async () => {
    const tabs = createBrowser();
    const one = rig({ tabs });
    await signedIn(one);
    one.store.session.shareAccount(false);
    expect(rig({ tabs }).store.session.account.value).toBeUndefined();
  });

  it("opens with a token that the server accepts", async () => {
    const desk = rig();
    expect(await desk.store.session.openToken("t-9")).toMatchObject({ code: "not-found" });
    expect(desk.store.session.account.value).toBeUndefined();
    desk.answers["/api/v1/me"] = () => Response.json(SIGNED_IN.principal);
    expect(await desk.store.session.openToken("t-9")).toBeUndefined();
    expect(desk.store.session.account.value?.token).toBe("t-9");
  });

  it("stays open when the server refuses to sign the agent out", async () => {
    const desk = rig();
    await signedIn(desk);
    desk.answers["/api/v1/agents/1001/commands"] = refuse("wrong-state", 409);
    await desk.store.session.signOut();
    expect(desk.store.session.account.value?.token).toBe("t");
    expect(texts(desk)).toHaveLength(1);
  });

  it("ends with a reason when the server refuses the token", async () => {
    const desk = rig();
    await signedIn(desk);
    desk.sockets[0]?.say({ type: "error", code: "unauthenticated", status: 401, detail: "too old" });
    expect(desk.store.session.account.value).toBeUndefined();
    expect(desk.store.session.ended.value?.detail).toBe("too old");
  });

  it("reports a response that it cannot read", async () => {
    const desk = rig();
    desk.answers["/api/v1/floor"] = () => Response.json({ queues: [{ id: 7700 }] });
    await signedIn(desk);
    expect(texts(desk)).toEqual(["unexpected answer: queues[0].id: expected a string, found 7700"]);
    expect(desk.store.session.floor.value).toBeUndefined();
    desk.answers["/api/v1/sign-in"] = () => Response.json({ token: 5 });
    expect(await desk.store.session.openSession("ann", "secret")).toMatchObject({ code: "internal" });
    expect(desk.store.session.account.value?.token).toBe("t");
  });

  it("is closed when the store stops", async () => {
    const desk = rig();
    await signedIn(desk);
    desk.stop();
    expect(desk.sockets[0]?.closed).toBe(true);
  });
});

describe("a command", () => {
  const answered = {
    type: "switch-answered",
    switch: "pbx",
    request: 1,
    answer: { result: "done" },
  } as const satisfies Event;

  it("is pending until its event has arrived and the switch has answered", async () => {
    const desk = rig();
    await signedIn(desk, [RINGING]);
    desk.answers[`/api/v1/interactions/${ID}/commands`] = () => Response.json({ seq: 11 });
    const { commands, session } = desk.store;
    const asked = commands.send(ID, { verb: "answer" });
    expect(commands.isPending(ID, "answer")).toBe(true);
    expect(await commands.send(ID, { verb: "answer" })).toBeUndefined();
    expect(await asked).toEqual({ seq: 11 });
    const request = { service: "answer-call", call: "c1", device: "2001" } as const;
    desk.happen({ type: "switch-requested", switch: "pbx", request: 1, interaction: ID, asked: request });
    expect(Object.values(session.state.value.requests)).toEqual([ID]);
    expect(commands.isPending(ID, "answer")).toBe(true);
    desk.happen(answered);
    expect(commands.isPending(ID, "answer")).toBe(false);
    expect(desk.asked.filter(([path]) => path.includes("interactions"))).toHaveLength(1);
  });

  it("is not pending after a refusal, which is shown", async () => {
    const desk = rig();
    await signedIn(desk, [RINGING]);
    desk.answers[`/api/v1/interactions/${ID}/commands`] = refuse("wrong-state", 409);
    expect(await desk.store.commands.send(ID, { verb: "reject" })).toBeUndefined();
    expect(desk.store.commands.isPending(ID, "reject")).toBe(false);
    expect(texts(desk)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(texts(desk)).toEqual([]);
  });

  it("is allowed if the server lists its verb", async () => {
    const desk = rig();
    await signedIn(desk);
    expect([desk.store.commands.isAllowed("dial"), desk.store.commands.isAllowed("ready")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("typed text", () => {
  const completed = {
    type: "interaction-completed",
    agent: "1001",
    summary: { interaction: { ...RINGING, state: "completed" }, completed_at: 2, notes: "before" },
  } as const satisfies Event;
  const saved = ({ asked }: Rig) =>
    asked
      .map(([, body]) => body)
      .filter((body) => (body as { verb?: string } | undefined)?.verb === "set-notes");

  it("in the notes is saved when the page closes", async () => {
    const desk = rig();
    await signedIn(desk, [RINGING]);
    const one = desk.store.session.interactions.value[0];
    if (!one) throw new Error("there is no call");
    desk.store.notes.edit(one, { notes: "calls again" });
    expect(desk.store.notes.of(one)).toEqual({ notes: "calls again", disposition: "" });
    desk.closePage();
    expect(saved(desk)).toEqual([{ verb: "set-notes", notes: "calls again", disposition: "" }]);
  });

  it("in another form is moved to the notes when the interaction is completed", async () => {
    const desk = rig();
    await signedIn(desk, [RINGING]);
    desk.store.drafts.edit(ID, "log", { subject: "Invoice" });
    expect(desk.store.drafts.of(ID, "log")).toEqual({ subject: "Invoice" });
    desk.happen(completed);
    await settled();
    expect(saved(desk)).toEqual([{ verb: "set-notes", notes: "before\nInvoice", disposition: "" }]);
    expect(desk.store.drafts.of(ID, "log")).toEqual({});
  });

  it("that is stored in another shape is ignored", () => {
    const stored = { "cordboard.drafts": '{"i log":{"subject":5}}', "cordboard.notes": '{"i":"text"}' };
    const desk = rig({ tabStorage: always(createStorage(stored)) });
    expect(desk.store.drafts.of("i", "log")).toEqual({});
    expect(desk.store.notes.saveState({ ...RINGING, id: "i" })).toBeUndefined();
  });
});

describe("the view", () => {
  it("shows the call that is answered, and moves to the next one from there", async () => {
    const desk = rig();
    const second = { ...RINGING, id: "second", number: 2 };
    await signedIn(desk, [RINGING, second]);
    const { view } = desk.store;
    expect(view.shown.value?.id).toBe("second");
    view.place.value = "history";
    desk.happen({
      type: "interaction-state-changed",
      agent: "1001",
      interaction: ID,
      from: "alerting",
      to: "started",
    });
    expect([view.shown.value?.id, view.place.value]).toEqual([ID, "work"]);
    view.step(1);
    expect(view.shown.value?.id).toBe("second");
    view.step(1);
    expect(view.shown.value?.id).toBe(ID);
  });

  it("counts unread notices, and shows each once", async () => {
    const desk = rig();
    await signedIn(desk);
    desk.happen({
      type: "notice-raised",
      agent: "1001",
      notice: { level: "info", code: "not-supported", text: "Lunch" },
    });
    expect([desk.store.notices.unread.value, texts(desk)]).toEqual([1, ["Lunch"]]);
    desk.store.notices.markRead();
    expect(desk.store.notices.unread.value).toBe(0);
  });

  it("uses the server's clock", async () => {
    vi.setSystemTime(500);
    const desk = rig();
    await signedIn(desk);
    await vi.advanceTimersByTimeAsync(500);
    expect(desk.store.clock.now.value).toBe(1500);
  });
});

describe("settings", () => {
  it("are stored when they are changed, but not when a page overrides them", () => {
    const storage = always(createStorage());
    const settings = createSettings(storage);
    settings.change({ theme: "dark" });
    settings.override({ sounds: false });
    expect(settings.current.value).toMatchObject({ theme: "dark", sounds: false });
    expect(createSettings(storage).current.value).toMatchObject({ theme: "dark", sounds: true });
  });

  it("have their default values if the stored value is invalid", () => {
    for (const bad of ["{", "[]", '{"theme":"pink"}', '{"sounds":"yes"}']) {
      const settings = createSettings(always(createStorage({ "cordboard.settings": bad })));
      expect(settings.current.value).toMatchObject({ theme: "system", sounds: true });
    }
  });
});
