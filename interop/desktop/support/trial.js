// A trial: a node, people at browsers, and what has to hold after every one of them.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, Seat } from "./browser.js";
import { Desk } from "./desk.js";
import { Node } from "./node.js";
import { until } from "./wait.js";

const TIMEOUT_MS = 90_000;

/** What a trial is given. */
export class Stage {
  seats = [];
  /** Origins beside the node's that its pages may ask: those of frames that the floor names. */
  origins = [];
  #closing = [];

  /** A person's browser with nothing open. */
  async seat(options) {
    const seat = await Seat.take(options);
    this.seats.push(seat);
    return seat;
  }

  /** An agent's desktop, signed in. */
  async desk(agent, options) {
    const seat = await this.seat(options);
    const desk = await Desk.open(this.node, agent, seat);
    await desk.signIn();
    return desk;
  }

  /** Waits until something is so. */
  until = until;

  /** Something to be done at the end. */
  later(close) {
    this.#closing.push(close);
  }

  check() {
    const allowed = new Set([this.node.url, ...this.origins]);
    for (const seat of this.seats) {
      assert.deepEqual(seat.wrong, [], "nothing is wrong in a page");
      const others = [...seat.origins].filter((origin) => !allowed.has(origin));
      assert.deepEqual(others, [], "no other origin is asked for anything");
    }
  }

  async close() {
    for (const seat of this.seats) await seat.leave();
    for (const close of this.#closing.reverse()) await close();
    await this.node.stop();
  }
}

/** Runs a trial against a node of its own. When it fails, pictures and consoles stay in the build folder. */
export function trial(name, run, configure) {
  test(name, { timeout: TIMEOUT_MS }, async () => {
    const stage = new Stage();
    stage.node = await Node.start(configure);
    try {
      await run(stage);
      stage.check();
    } catch (error) {
      for (const [index, seat] of stage.seats.entries()) {
        console.error(`kept: ${await seat.keep(`${name} ${index + 1}`)}`);
      }
      throw error;
    } finally {
      await stage.close();
    }
  });
}

after(closeBrowser);
