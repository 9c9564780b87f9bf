// Debian's Chromium, and pages of it that keep what has to be looked at afterwards.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const KEPT = process.env.KEPT ?? new URL("../../../target/desktop", import.meta.url).pathname;

/** How long a page may take for anything. Milliseconds. */
const PATIENCE_MS = 10_000;

let browser;

/** The browser of this process; it ends with it. */
export async function theBrowser() {
  browser ??= await chromium.launch({
    executablePath: CHROMIUM,
    // Tests run as root in a container, where Chromium's own sandbox cannot be made.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"],
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/** A person's browser: pages in it share what a person's tabs share. */
export class Seat {
  /** What is wrong in any page, in words. */
  wrong = [];
  /** Every line of every page's console. */
  lines = [];
  /** The origins of everything that was asked for. */
  origins = new Set();
  pages = [];

  static async take(options = {}) {
    const seat = new Seat();
    const {
      theme = "light",
      width = 1280,
      height = 800,
      locale = "en-GB",
      scale = 1,
      permissions = [],
    } = options;
    seat.context = await (await theBrowser()).newContext({
      colorScheme: theme,
      viewport: { width, height },
      deviceScaleFactor: scale,
      locale,
      permissions,
      reducedMotion: "reduce",
    });
    seat.context.setDefaultTimeout(PATIENCE_MS);
    await seat.context.addInitScript(watchPolicy);
    seat.context.on("page", (page) => seat.#watch(page));
    return seat;
  }

  /** Another tab. */
  async tab() {
    return this.context.newPage();
  }

  #watch(page) {
    this.pages.push(page);
    page.on("console", (message) => this.#hear(message));
    page.on("pageerror", (error) => this.wrong.push(`error in the page: ${error.stack || error}`));
    page.on("request", (request) => this.#note(request.url()));
    page.on("websocket", (socket) => this.#note(socket.url()));
  }

  #hear(message) {
    const line = `${message.type()}: ${message.text()}`;
    this.lines.push(line);
    if (/content security policy/i.test(line) || line.startsWith("error: trial:")) this.wrong.push(line);
  }

  #note(url) {
    const { protocol, host } = new URL(url);
    if (/^(https?|wss?):$/.test(protocol)) this.origins.add(`${protocol.replace("ws", "http")}//${host}`);
  }

  /** Leaves pictures and consoles where a person looks for them. */
  async keep(name) {
    await mkdir(KEPT, { recursive: true });
    const file = join(KEPT, name.replaceAll(/[^a-z0-9]+/gi, "-"));
    for (const [index, page] of this.pages.entries()) {
      if (!page.isClosed()) await page.screenshot({ path: `${file}-${index + 1}.png` }).catch(() => {});
    }
    await writeFile(`${file}.log`, [...this.wrong, ...this.lines, ""].join("\n"));
    return `${file}.log`;
  }

  async leave() {
    await this.context.close();
  }
}

// Runs in every page, before the page's own scripts.
function watchPolicy() {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(
      `trial: ${event.violatedDirective} forbids ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`,
    );
  });
}
