// A CRM page as in the vendor's documentation, with the connector in it. The trial sends its messages.

import { fileURLToPath } from "node:url";
import { serve } from "../../desktop/support/pages.js";
import { Softphone } from "./crm.js";

const PAGES = fileURLToPath(new URL("../pages", import.meta.url));

/** The path that existing CRM pages use. */
const PATH = "/sfdc-workspaces/?tenantId=ABCDEF&tenantUrl=cordboard.example/auth/realms/ABCDEF";

/** The messages that a page written after the documentation answers. */
export const ALL = ["ready", "requestCrmData", "requestSaveInteractionLog"];

/** Lists one page in the floor as the only one that may embed the connector. */
export function hostedBy(node, origin) {
  return node.floor((floor) => {
    floor.crm_origins = [origin];
  });
}

/** Settings that enable all messages. */
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

  /**
   * Serves and opens the page. With `allowed`, the floor lists it. `site` is `address` for a page of the connector's own site, and `name`
   * for a page of another site, where the browser blocks the storage of the frame. `token` is the sign-in that the page hands over.
   */
  static async open(
    stage,
    {
      agent = "1001",
      answers = ALL,
      settings = SETTINGS,
      allowed = true,
      path = PATH,
      site = "address",
      token,
    } = {},
  ) {
    const origins = await serve(stage, PAGES);
    if (allowed) await hostedBy(stage.node, origins[site]);
    const seat = await stage.seat({ width: 420, height: 760 });
    const page = await seat.tab();
    const query = new URLSearchParams({
      connector: stage.node.url + path,
      answers: answers.join(","),
      settings: JSON.stringify(settings),
      ...(token === undefined ? {} : { token }),
    });
    await page.goto(`${origins[site]}/host.html?${query}`);
    const host = new Host(stage, page, agent);
    host.origins = origins;
    return host;
  }

  /** Opens the page and signs the agent in. With `ready`, the agent is ready. */
  static async atWork(stage, { ready = false, ...options } = {}) {
    const host = await Host.open(stage, options);
    await host.phone.signIn();
    await host.phone.signInAgent();
    if (ready) await host.phone.ready();
    return host;
  }

  /** Messages from the connector: all, or those of one action. */
  async heard(action) {
    const heard = await this.page.evaluate(() => window.heard);
    return action === undefined ? heard : heard.filter((message) => message.action === action);
  }

  /** Waits until there are `times` messages of an action. */
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

/** A contact of the CRM. The ID is a number, as in the public sample. */
export const CARLA = {
  id: 4711,
  name: "Carla of the CRM",
  phone: "+14155550100",
  email: "carla@example.com",
  url: "https://crm.example/users/4711",
};
