// A page in the shape of the vendor's documentation, with the connector in it, and a trial that speaks for it.

import { fileURLToPath } from "node:url";
import { serve } from "../../desktop/support/pages.js";
import { Softphone } from "./crm.js";

const PAGES = fileURLToPath(new URL("../pages", import.meta.url));

/** The path that existing pages have. */
const PATH = "/sfdc-workspaces/?tenantId=ABCDEF&tenantUrl=cordboard.example/auth/realms/ABCDEF";

/** Whatever a page answers that was written by the documentation. */
export const ALL = ["ready", "requestCrmData", "requestSaveInteractionLog"];

/** Has the floor of a node name the one page that may host its connector. */
export function hostedBy(node, origin) {
  return node.floor((floor) => {
    floor.crm_origins = [origin];
  });
}

/** Settings under which everything is said. */
export const SETTINGS = {
  SoftphoneOptions: { clickToDial: "Y", clickToConsultEnabled: "Y" },
  LogOptions: { callLogEnabled: "Y", interactionHistorySize: "5" },
  CallScreenPopOptions: { screenPopOnAni: "Y", suppressScreenPop: "N" },
};

export class Host {
  constructor(stage, page, agent) {
    Object.assign(this, { stage, page });
    this.phone = new Softphone(page.frameLocator("#crmConnectIframeId"), agent);
  }

  /** Serves the page where the floor lets it host the connector, and opens it. */
  static async open(
    stage,
    { agent = "1001", answers = ALL, settings = SETTINGS, allowed = true, path = PATH } = {},
  ) {
    const origins = await serve(stage, PAGES);
    if (allowed) await hostedBy(stage.node, origins.address);
    const seat = await stage.seat({ width: 420, height: 760 });
    const page = await seat.tab();
    const query = new URLSearchParams({
      connector: stage.node.url + path,
      answers: answers.join(","),
      settings: JSON.stringify(settings),
    });
    await page.goto(`${origins.address}/host.html?${query}`);
    const host = new Host(stage, page, agent);
    host.origins = origins;
    return host;
  }

  /** The same, signed in; with `ready` calls come to the agent. */
  static async atWork(stage, { ready = false, ...options } = {}) {
    const host = await Host.open(stage, options);
    await host.phone.signIn();
    await host.phone.startWork();
    if (ready) await host.phone.ready();
    return host;
  }

  /** What the connector has said, or all of one action. */
  async heard(action) {
    const heard = await this.page.evaluate(() => window.heard);
    return action === undefined ? heard : heard.filter((message) => message.action === action);
  }

  /** Waits until it has said something so often. */
  async hears(action, times = 1) {
    const enough = async () => {
      const heard = await this.heard(action);
      return heard.length >= times && heard;
    };
    return this.stage.until(`${times} times ${action}`, enough);
  }

  send(action, data) {
    return this.page.evaluate(([name, value]) => window.crm.send(name, value), [action, data]);
  }

  raw(message) {
    return this.page.evaluate((value) => window.crm.raw(value), message);
  }

  click(user) {
    return this.page.evaluate((one) => window.crm.click(one), { ...CARLA, ...user });
  }
}

/** Somebody whom the CRM knows; the id is a number, as in the public sample. */
export const CARLA = {
  id: 4711,
  name: "Carla of the CRM",
  phone: "+14155550100",
  email: "carla@example.com",
  url: "https://crm.example/users/4711",
};
