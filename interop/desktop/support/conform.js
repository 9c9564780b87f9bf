// The conformance run against a page in a browser: `cordboard conform`, whose steps the trial does.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { freePort, PROGRAM } from "./node.js";

/** Limits of a run at a fast machine. */
const LIMITS = ["--silence", "400ms", "--timeout", "8s", "--open-within", "30s"];

export class Conform {
  /**
   * Starts a run. Its page is at `url`, which has `port`. `steps` has a function for each step, by its name; a step that throws was not done.
   */
  static async start(stage, dialect, end, { port, options = [], steps = {} } = {}) {
    const run = new Conform();
    run.url = `http://127.0.0.1:${port ?? (await freePort())}/`;
    stage.origins.push(new URL(run.url).origin);
    const at = await doing(stage, steps);
    const commands = Object.keys(steps).flatMap((name) => ["--do", `${name}=curl -sf ${at}/${name}`]);
    const listen = ["--listen", new URL(run.url).host];
    const given = ["--json", "conform", dialect, "--end", end, ...listen, ...LIMITS, ...options, ...commands];
    const child = spawn(PROGRAM, given, { stdio: ["ignore", "pipe", "pipe"] });
    stage.later(() => child.kill());
    run.ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
    await once(child.stderr, "data");
    return run;
  }

  /** Checks that every requirement is held, except those that are not reached. */
  async holds(notReached = []) {
    const [report, said, [code]] = await this.ended;
    const outcomes = report ? JSON.parse(report).outcomes : [];
    const wrong = outcomes.filter(({ verdict }) => verdict === "deviates");
    assert.deepEqual(wrong, [], "nothing deviates");
    const missed = outcomes.filter(({ verdict }) => verdict === "not-reached");
    assert.deepEqual(
      missed.map(({ id }) => id),
      notReached,
      JSON.stringify(missed),
    );
    assert.ok(outcomes.length > notReached.length, said);
    assert.equal(code, 0, said);
  }
}

/** Serves the steps, so that commands of the shell can do them. Returns the address. */
async function doing(stage, steps) {
  const server = createServer(async ({ url }, response) => {
    try {
      await steps[url.slice(1)]();
      response.end();
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stage.later(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}
