// A provider in a process of its own, and what a person does at its pages.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../../desktop/support/node.js";

const PROGRAM = fileURLToPath(new URL("../provider.js", import.meta.url));

/** The groups of each person. `visitor` is not in any group of Cordboard. */
const GROUPS = {
  1001: ["everybody", "cti-agents"],
  1002: ["cti-agents", "cti-supervisors"],
  admin: ["cti-admins"],
  visitor: ["everybody"],
};

/** The port of the provider in this file’s trials, one after the other. */
const PORT = await freePort();

export const ISSUER = `http://localhost:${PORT}`;

/** The name of the provider on the pages of Cordboard. */
export const NAME = "Example Corp";

/** The label of the button. */
export const SIGN_IN = `Sign in with ${NAME}`;

/** The environment of a node that uses the provider, for `trial`. */
export const atProvider =
  (more = {}) =>
  ({ http }) => ({
    CORDBOARD_OIDC__NAME: NAME,
    CORDBOARD_OIDC__ISSUER: ISSUER,
    CORDBOARD_OIDC__CLIENT_ID: "cordboard",
    CORDBOARD_OIDC__CLIENT_SECRET: "a secret: with + and %",
    CORDBOARD_OIDC__PUBLIC_URL: `http://127.0.0.1:${http}`,
    CORDBOARD_OIDC__AGENT_GROUPS: '["cti-agents"]',
    CORDBOARD_OIDC__SUPERVISOR_GROUPS: '["cti-supervisors"]',
    CORDBOARD_OIDC__ADMIN_GROUPS: '["cti-admins"]',
    CORDBOARD_OIDC__UNKNOWN_PERSONS: "accept",
    ...more,
  });

export class Provider {
  #process;

  /** Starts a provider for the node of the trial, which browsers see at `origin`. It stops with the trial. */
  static async start(stage, origin = stage.node.url) {
    const provider = new Provider();
    const settings = { port: PORT, node: origin, groups: GROUPS };
    provider.#process = spawn(process.execPath, [PROGRAM, JSON.stringify(settings)], {
      // It warns that it keeps nothing and has pages for tests.
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = await once(createInterface({ input: provider.#process.stdout }), "line");
    if (line !== "ready") throw new Error(`the provider says ${line}`);
    stage.origins.push(ISSUER);
    stage.later(() => provider.stop());
    return provider;
  }

  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }
}

/** A person signs in at the provider, in a page that shows it. */
export async function signInAt(page, person) {
  await page.getByPlaceholder("Enter any login").fill(person);
  await page.getByPlaceholder("and password").fill("x");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}
