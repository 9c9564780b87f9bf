// A page in a frame of the desktop that a trial controls.

import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../desktop/support/wait.js";

/** How long there must be no message before a trial continues. Milliseconds. */
const SILENCE_MS = 400;

export class MaxPage {
  #read = 0;

  constructor(frame) {
    this.frame = frame;
  }

  /** The page whose address contains `part`. */
  static async find(page, part) {
    const frame = await until(`a frame of ${part}`, () =>
      page.frames().find((one) => one.url().includes(part)),
    );
    await frame.waitForLoadState();
    return new MaxPage(frame);
  }

  /** Posts a message to the embedding window, unchanged. */
  post(message) {
    return this.frame.evaluate((said) => (window.opener ?? window.parent).postMessage(said, "*"), message);
  }

  say(messageType, more = {}) {
    return this.post({ issuer: "Trial", messageType, ...more });
  }

  register(subscriptionTypes, more = {}) {
    return this.say("RegisterForClientEvents", { subscriptionTypes, ...more });
  }

  /** Registers and returns the first envelope. */
  async registered(subscriptionTypes, more = {}) {
    await this.register(subscriptionTypes, more);
    return this.next();
  }

  unregister() {
    return this.say("UnregisterFromClientEvents");
  }

  /** All envelopes so far. */
  async envelopes() {
    const heard = await this.frame.evaluate(() => window.heard);
    return heard.filter(({ data }) => data?.issuer === "MAX").map(({ data }) => data);
  }

  /** The next unread envelope. */
  async next() {
    const envelopes = await until("an envelope", async () => {
      const all = await this.envelopes();
      return all.length > this.#read && all;
    });
    this.#read += 1;
    return envelopes[this.#read - 1];
  }

  /** Reads envelopes until one has a matching event, and returns the event. */
  async event(what, matches) {
    for (;;) {
      const envelope = await this.next().catch((cause) => {
        throw new Error(`no event: ${what}`, { cause });
      });
      const found = envelope.events.find(matches);
      if (found) return found;
    }
  }

  /** All envelopes until no more arrive. */
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

/** Runs in every frame before its own scripts. Records all messages. */
export function listen() {
  window.heard = [];
  window.addEventListener("message", ({ data, origin, source }) => {
    window.heard.push({ data, origin, fromAround: source === (window.opener ?? window.parent) });
  });
}

/** The types of the events in envelopes, in order. */
export function kinds(envelopes) {
  return envelopes.flatMap(({ events }) => events.map((event) => event.Type ?? event.messageType));
}

/** A predicate for events that report this status of a call. */
export function isCall(status, contact) {
  return (event) =>
    event.Type === "CallContactEvent" &&
    event.Status === status &&
    (contact === undefined || event.ContactID === String(contact));
}
