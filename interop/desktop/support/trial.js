// A trial: a test with a node and browsers, and checks that every trial must pass.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, Seat } from "./browser.js";
import { Desk } from "./desk.js";
import { Node } from "./node.js";
import { until } from "./wait.js";

const TIMEOUT_MS = 90_000;

/** The environment of a trial. */
export class Stage {
  seats = [];
  /** Other origins that pages may send requests to: those of configured pages. */
  origins = [];
  #closing = [];

  /** Opens the browser of one person. */
  async seat(options) {
    const seat = await Seat.take(options);
    this.seats.push(seat);
    return seat;
  }

  /** Opens an agent's desktop and signs in. */
  async desk(agent, options) {
    const seat = await this.seat(options);
    const desk = await Desk.open(this.node, agent, seat);
    await desk.signIn();
    return desk;
  }

  /** Waits for a condition. */
  until = until;

  /** Registers a function that runs at the end. */
  later(close) {
    this.#closing.push(close);
  }

  check() {
    const allowed = new Set([this.node.url, ...this.origins]);
    for (const seat of this.seats) {
      assert.deepEqual(seat.wrong, [], "no page has an error");
      const others = [...seat.origins].filter((origin) => !allowed.has(origin));
      assert.deepEqual(others, [], "no request goes to another origin");
    }
  }

  async close() {
    for (const seat of this.seats) await seat.leave();
    for (const close of this.#closing.reverse()) await close();
    await this.node.stop();
  }
}

/** Runs a trial with a new node. If it fails, screenshots and console messages are saved in the build folder. */
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
