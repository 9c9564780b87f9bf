import { beforeEach, describe, expect, it, vi } from "vitest";
import { type EmbedOptions, embed } from "../src/index.ts";

const HUB = "https://cordboard.example";

const USER = { id: 7, name: "Ann Archer", username: "ann@crm.example" };

const RECORD = {
  id: "C-1001",
  type: "Contact",
  name: "Carla Customer",
  number: "+14155550100",
  email: "carla@example.com",
  url: "https://crm.example/contacts/C-1001",
};

let around: EventTarget;

beforeEach(() => {
  around = new EventTarget();
  vi.stubGlobal("window", around);
  vi.stubGlobal("location", new URL("https://crm.example/app"));
  vi.stubGlobal("document", { createElement: () => frame() });
});

/** A frame, with the messages posted to it. */
function frame() {
  const posted: [Record<string, unknown>, string][] = [];
  const contentWindow = {
    posted,
    postMessage: (message: Record<string, unknown>, origin: string) => posted.push([message, origin]),
  };
  return { contentWindow, style: {}, remove: vi.fn() };
}

function page(more: Partial<EmbedOptions> = {}) {
  const into = { append: vi.fn() } as unknown as HTMLElement;
  const connector = embed({ url: `${HUB}/connector/`, into, name: "Demo", user: USER, ...more });
  const inside = (connector.frame as unknown as ReturnType<typeof frame>).contentWindow;
  const say = async (action: string, data?: unknown, { origin = HUB, source = inside as unknown } = {}) => {
    const message = { type: "CRMConnectMessage", action, ...(data === undefined ? {} : { data }) };
    around.dispatchEvent(Object.assign(new Event("message"), { data: message, origin, source }));
    await new Promise((resolve) => setTimeout(resolve));
  };
  const raw = (data: unknown) =>
    around.dispatchEvent(Object.assign(new Event("message"), { data, origin: HUB, source: inside }));
  const said = (action: string) => inside.posted.filter(([message]) => message["action"] === action);
  return { connector, inside, say, said, raw, into };
}

const LOG = {
  message: {
    body: {
      interactionId: "i-1",
      interactionData: {
        updatedOriginatingAddress: "+14155550100",
        updatedDestinationAddress: "1001",
        interaction: { topic: "support", direction: "INBOUND", startTimestamp: 1_000, endTimestamp: 61_000 },
        logDetails: {
          subject: "Invoice",
          comments: "explained",
          customFields: [{ logFieldName: "case_id", currentValue: 42 }],
        },
      },
    },
  },
};

describe("the kit", () => {
  it("hands over the sign-in of the page", async () => {
    const { say, said } = page({ signIn: async () => "t-1" });
    await say("requestSignIn");
    expect(said("signIn")).toEqual([
      [{ type: "ClientAppMessage", action: "signIn", data: { token: "t-1" } }, HUB],
    ]);
    for (const more of [{}, { signIn: () => undefined }]) {
      const without = page(more);
      await without.say("requestSignIn");
      expect(without.said("signIn")).toEqual([]);
    }
  });

  it("creates the frame, with the page's origin in its address", () => {
    const { connector, into } = page({ settings: { ReqGeneralInfo: { reqSoftphoneWidth: "320" } } });
    expect(connector.frame.src).toBe(`${HUB}/connector/?clientOrigin=https%3A%2F%2Fcrm.example`);
    expect([connector.frame.width, connector.frame.height]).toEqual(["320", "640"]);
    expect(into.append).toHaveBeenCalledWith(connector.frame);
  });

  it("answers every ready message, to the exact origin", async () => {
    const { say, inside } = page();
    await say("ready");
    await say("ready");
    const ready = { type: "ClientAppMessage", action: "ready", data: {} };
    expect(inside.posted).toEqual([
      [ready, HUB],
      [ready, HUB],
    ]);
  });

  it("ignores other senders and other messages", async () => {
    const { say, raw, inside } = page();
    await say("ready", undefined, { origin: "https://evil.example" });
    await say("ready", undefined, { source: {} });
    for (const data of [null, "ready", 7, {}, { type: "ClientAppMessage", action: "ready" }]) raw(data);
    await say("somethingElse");
    expect(inside.posted).toEqual([]);
  });

  it("sends the user and the features of the CRM", async () => {
    const settings = { SoftphoneOptions: { clickToDial: "Y" } };
    const { say, said } = page({ settings, onDirectory: () => [] });
    await say("requestCrmData");
    const [[message] = []] = said("crmData");
    expect(message?.["data"]).toMatchObject({
      callCenterSettings: settings,
      currentUser: { Name: "Ann Archer", Username: "ann@crm.example", Id: 7 },
      capabilities: { name: "Demo", directoryAvailable: true, extensions: [] },
    });
  });

  it("sends the complete payload, only while click-to-dial is enabled", async () => {
    const onClickToDial = vi.fn();
    const { say, said, connector } = page({ onClickToDial });
    expect(connector.call(RECORD)).toBe(false);
    await say("requestEnableClickToDial", { isEnabled: true });
    expect(connector.call(RECORD)).toBe(true);
    await say("requestEnableClickToDial", { isEnabled: false });
    expect(connector.call(RECORD)).toBe(false);
    expect(onClickToDial.mock.calls).toEqual([[true], [false]]);
    const result = {
      number: "+14155550100",
      objectType: "Contact",
      recordId: "C-1001",
      recordName: "Carla Customer",
      email: "carla@example.com",
      url: "https://crm.example/contacts/C-1001",
    };
    expect(said("clickToDialResponse").map(([message]) => message["data"])).toEqual([
      {
        onClickToDialResponse: result,
        clickToDialLogDetails: { id: "C-1001", name: "Carla Customer", personAccount: true, type: "Contact" },
        softphoneItems: [],
        doNotCall: false,
        crmEmails: "carla@example.com",
        crmPhones: ["+14155550100"],
        nameObjects: null,
        relatedToObjects: [
          {
            isName: false,
            isRelatedTo: true,
            pageInfo: {
              recordId: "C-1001",
              url: "https://crm.example/contacts/C-1001",
              recordName: "Carla Customer",
              objectType: "Contact",
            },
          },
        ],
        pageInfo: result,
      },
    ]);
  });

  it("passes the numbers of a screen pop in order", async () => {
    const onScreenPop = vi.fn();
    const { say } = page({ onScreenPop });
    await say("requestPerformInteractionScreenPop", { aniValues: ["+14155550100", "4155550100"] });
    await say("requestPerformInteractionScreenPop");
    expect(onScreenPop.mock.calls.map(([pop]) => pop.numbers)).toEqual([["+14155550100", "4155550100"], []]);
  });

  it("saves a log and sends it back as a history item", async () => {
    const onLog = vi.fn(() => ({ id: "T-1", parameters: { caller: "+14155550100" } }));
    const { say, said } = page({ onLog });
    await say("requestSaveInteractionLog", LOG);
    await say("requestSaveInteractionLog", { message: {} });
    expect(onLog).toHaveBeenCalledExactlyOnceWith({
      interaction: "i-1",
      from: "+14155550100",
      to: "1001",
      topic: "support",
      direction: "INBOUND",
      startedAt: 1_000,
      endedAt: 61_000,
      agent: "",
      answered: true,
      disposition: undefined,
      subject: "Invoice",
      comments: "explained",
      fields: { case_id: "42" },
    });
    const [[item] = []] = said("createHistoryItem");
    expect(item?.["data"]).toStrictEqual({
      taskId: "T-1",
      data: {
        ...LOG,
        logParameters: { caller: "+14155550100" },
        msgData: { message: LOG.message },
      },
    });
  });

  it("notifies the agent when a log could not be saved", async () => {
    const onError = vi.fn();
    const { say, said } = page({ onError, onLog: () => Promise.reject(new Error("the CRM is full")) });
    await say("requestSaveInteractionLog", LOG);
    expect(onError).toHaveBeenCalledOnce();
    const [[message] = []] = said("displayErrorNotification");
    expect(message?.["data"]).toMatchObject({ severity: "ERROR", textArray: ["the CRM is full"] });
  });

  it("answers requests for the directory and for custom fields", async () => {
    const onCustomFields = vi.fn(() => ({ voice: [{ key: "Case_ID", label: "Case", choices: ["1", "2"] }] }));
    const { say, said } = page({
      onDirectory: () => [{ id: 1, name: "Bea", phone: "1002" }],
      onCustomFields,
    });
    await say("requestGetCrmDirectory");
    await say("requestCustomFieldsValues", { object: { voice: ["case_id", ""], digital: [] } });
    expect(onCustomFields).toHaveBeenCalledWith({ voice: ["case_id"], digital: [] });
    const [[directory] = []] = said("crmDirectory");
    expect(directory?.["data"]).toStrictEqual({
      count: "1",
      results: [{ id: 1, name: "Bea", phone: "1002" }],
    });
    const [[fields] = []] = said("customFieldsDataResponse");
    expect(JSON.parse(String(fields?.["data"]))).toMatchObject({
      voice: { Case_ID: { customFieldInfo: { customFieldType: "PICKLIST", customFieldLabel: "Case" } } },
      digital: {},
    });
  });

  it("ignores messages after it is closed", async () => {
    const { say, connector, inside } = page();
    connector.close();
    await say("ready");
    expect(inside.posted).toEqual([]);
    expect(connector.frame.remove).toHaveBeenCalledOnce();
  });
});
