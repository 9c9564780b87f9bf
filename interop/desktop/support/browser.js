// Chromium, with recordings of what happens in its pages.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const KEPT = process.env.KEPT ?? new URL("../../../target/desktop", import.meta.url).pathname;

/** The time limit for each action in a page. Milliseconds. */
const PATIENCE_MS = 10_000;

let browser;

/** The browser of this process. It is closed when the process ends. */
export async function theBrowser() {
  browser ??= await chromium.launch({
    executablePath: CHROMIUM,
    // Tests run as root in a container, where Chromium's sandbox does not work.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"],
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/** The browser of one person. Its tabs share storage. */
export class Seat {
  /** Errors in any page. */
  wrong = [];
  /** All console messages of all pages. */
  lines = [];
  /** The origins of all requests. */
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
      bypassCSP = false,
    } = options;
    seat.context = await (await theBrowser()).newContext({
      colorScheme: theme,
      viewport: { width, height },
      deviceScaleFactor: scale,
      locale,
      permissions,
      bypassCSP,
      reducedMotion: "reduce",
    });
    seat.context.setDefaultTimeout(PATIENCE_MS);
    await seat.context.addInitScript(watchPolicy);
    seat.context.on("page", (page) => seat.#watch(page));
    return seat;
  }

  /** Opens another tab. */
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

  /** Saves screenshots and console messages for a developer. */
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

// Runs in every page before its own scripts.
function watchPolicy() {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(
      `trial: ${event.violatedDirective} forbids ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`,
    );
  });
}
