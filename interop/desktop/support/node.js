// A demo node in a separate process, with callers and phones.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The program under test. */
export const PROGRAM =
  process.env.CORDBOARD ?? new URL("../../../target/debug/cordboard", import.meta.url).pathname;

/** The password of every account in the demo. */
export const PASSWORD = "demo";

/** Ports below the ephemeral range, so that no connection takes a port before the node does. */
const PORT_MIN = 12_000;
const PORT_MAX = 32_000;

/** Finds a free port. */
export async function freePort() {
  const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
  const server = createServer();
  const isFree = await new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort();
  server.close();
  await once(server, "close");
  return port;
}

export class Node {
  #process;
  #tokens = new Map();

  /** Starts a node with the floor of the demo. `configure` gets the ports and returns environment variables for the node. */
  static async start(configure = () => ({})) {
    const node = new Node();
    node.data = await mkdtemp(join(tmpdir(), "cordboard-trial-"));
    node.ports = {
      http: await freePort(),
      uwq: await freePort(),
      harmony: await freePort(),
      crm: await freePort(),
    };
    node.environment = configure(node.ports);
    await node.run();
    return node;
  }

  get url() {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  /** The URL of the demo CRM. */
  get crm() {
    return `http://127.0.0.1:${this.ports.crm}`;
  }

  get pid() {
    return this.#process.pid;
  }

  /** Starts the process. After `kill`, it has the same ports and data as before. */
  async run() {
    const { http, uwq, harmony, crm } = this.ports;
    const ports = ["--http-port", http, "--uwq-port", uwq, "--harmony-port", harmony, "--crm-port", crm];
    const flags = [...ports, "--data", this.data, "--wrap-up", "0s"];
    this.#process = spawn(PROGRAM, ["--json", "demo", ...flags.map(String)], {
      env: { ...process.env, ...this.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.log = [];
    createInterface({ input: this.#process.stderr }).on("line", (line) => this.log.push(line));
    const said = createInterface({ input: this.#process.stdout });
    const ready = once(said, "line");
    const ended = once(this.#process, "exit").then(([code]) => {
      throw new Error(`the node ended with ${code} before it was ready:\n${this.log.join("\n")}`);
    });
    await Promise.race([ready, ended]);
    ended.catch(() => {});
  }

  /** Kills the process, like a power failure. */
  async kill() {
    await this.#end("SIGKILL");
    this.#tokens.clear();
  }

  async stop() {
    await this.#end("SIGTERM");
    await rm(this.data, { recursive: true, force: true });
  }

  async #end(signal) {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill(signal);
    await ended;
  }

  /** Sends a request to the API. Throws if the response is an error. */
  async ask(method, path, body, account = "integration") {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${await this.token(account)}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  async token(account) {
    if (!this.#tokens.has(account)) {
      const response = await fetch(`${this.url}/api/v1/sign-in`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ account, password: PASSWORD }),
      });
      if (!response.ok) throw new Error(`${account} cannot sign in: ${await response.text()}`);
      this.#tokens.set(account, (await response.json()).token);
    }
    return this.#tokens.get(account);
  }

  /** Simulates a caller, who waits without limit and talks until somebody hangs up. */
  async call(from, to = "7700", more = {}) {
    const { call } = await this.ask("POST", "/simulated/calls", { from, to, ...more });
    return call;
  }

  /** Makes the caller hang up. */
  hangUp(call) {
    return this.ask("DELETE", `/simulated/calls/${call}`);
  }

  /** Operates a simulated phone. */
  phone(device, action) {
    return this.ask("POST", `/simulated/phones/${device}`, { action });
  }

  async agent(id) {
    return this.ask("GET", `/agents/${id}`);
  }

  /** An agent's interactions that are not completed, the oldest first. */
  async works(agent) {
    const { items } = await this.ask("GET", "/interactions");
    return items.filter((work) => work.agent === agent);
  }

  /** Changes the floor. `change` gets the floor and changes it in place. */
  async floor(change) {
    const floor = await this.ask("GET", "/floor", undefined, "admin");
    change(floor);
    await this.ask("PUT", "/floor", { floor }, "admin");
  }
}
