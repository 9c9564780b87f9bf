// A page in a frame of the desktop, that says and hears what a trial wants.

import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../desktop/support/wait.js";

/** How long nothing has to come before it is taken that nothing will. Milliseconds. */
const SILENCE_MS = 400;

export class MaxPage {
  #read = 0;

  constructor(frame) {
    this.frame = frame;
  }

  /** The page whose address has this in it. */
  static async find(page, part) {
    const frame = await until(`a frame of ${part}`, () =>
      page.frames().find((one) => one.url().includes(part)),
    );
    await frame.waitForLoadState();
    return new MaxPage(frame);
  }

  /** Posts to the window around, as it is. */
  post(message) {
    return this.frame.evaluate((said) => (window.opener ?? window.parent).postMessage(said, "*"), message);
  }

  say(messageType, more = {}) {
    return this.post({ issuer: "Trial", messageType, ...more });
  }

  register(subscriptionTypes, more = {}) {
    return this.say("RegisterForClientEvents", { subscriptionTypes, ...more });
  }

  /** Registers and gives the first envelope. */
  async registered(subscriptionTypes, more = {}) {
    await this.register(subscriptionTypes, more);
    return this.next();
  }

  unregister() {
    return this.say("UnregisterFromClientEvents");
  }

  /** Every envelope so far. */
  async envelopes() {
    const heard = await this.frame.evaluate(() => window.heard);
    return heard.filter(({ data }) => data?.issuer === "MAX").map(({ data }) => data);
  }

  /** The next envelope that was not read. */
  async next() {
    const envelopes = await until("an envelope", async () => {
      const all = await this.envelopes();
      return all.length > this.#read && all;
    });
    this.#read += 1;
    return envelopes[this.#read - 1];
  }

  /** Reads on until an event that fits; gives it. */
  async event(what, fits) {
    for (;;) {
      const envelope = await this.next().catch((cause) => {
        throw new Error(`no event: ${what}`, { cause });
      });
      const found = envelope.events.find(fits);
      if (found) return found;
    }
  }

  /** Everything that comes until it is silent. */
  async rest() {
    for (let before = -1; ; ) {
      const all = await this.envelopes();
      if (all.length === before) {
        const rest = all.slice(this.#read);
        this.#read = all.length;
        return rest;
      }
      before = all.length;
      await sleep(SILENCE_MS);
    }
  }
}

/** Runs in every frame before its own scripts: keeps what is said to it. */
export function listen() {
  window.heard = [];
  window.addEventListener("message", ({ data, origin, source }) => {
    window.heard.push({ data, origin, fromAround: source === (window.opener ?? window.parent) });
  });
}

/** Which kinds of events there are in some envelopes, in order. */
export function kinds(envelopes) {
  return envelopes.flatMap(({ events }) => events.map((event) => event.Type ?? event.messageType));
}

/** The status of a call that an event tells. */
export function isCall(status, contact) {
  return (event) =>
    event.Type === "CallContactEvent" &&
    event.Status === status &&
    (contact === undefined || event.ContactID === String(contact));
}
