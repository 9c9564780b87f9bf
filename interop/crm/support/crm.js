// The demo's CRM in a browser, and the softphone in it, in the words that they show.

import { PASSWORD } from "../../desktop/support/node.js";

export class Crm {
  constructor(node, agent, seat, page) {
    Object.assign(this, { node, agent, seat, page });
    this.phone = new Softphone(page.frameLocator("aside iframe"), agent);
  }

  /** A tab with the CRM, as it comes. */
  static async open(stage, agent, { seat, query = "", ...options } = {}) {
    const { node } = stage;
    const own = seat ?? (await stage.seat({ width: 1280, height: 760, ...options }));
    stage.origins.push(node.crm);
    const page = await own.tab();
    await page.goto(node.crm + query);
    return new Crm(node, agent, own, page);
  }

  /** The same with the agent at work in the softphone. */
  static async atWork(stage, agent, options) {
    const crm = await Crm.open(stage, agent, options);
    await crm.phone.signIn();
    await crm.phone.startWork();
    return crm;
  }

  number(text) {
    return this.page.getByRole("button", { name: `Call ${text}` });
  }

  record(name) {
    return this.page.getByRole("heading", { level: 1, name });
  }
}

/** The connector, wherever it stands. */
export class Softphone {
  constructor(frame, agent) {
    Object.assign(this, { frame, agent });
  }

  async signIn() {
    await this.frame.getByLabel("Account", { exact: true }).fill(this.agent);
    await this.frame.getByLabel("Password").fill(PASSWORD);
    await this.button("Sign in").click();
    await this.state("").waitFor();
  }

  async startWork() {
    await this.choose("Sign in");
    await this.state("Not ready").waitFor();
  }

  async ready() {
    await this.choose("Ready");
    await this.state("Ready").waitFor();
  }

  button(name) {
    return this.frame.getByRole("button", { name, exact: true });
  }

  /** The button that shows the agent's state, when it is this one. */
  state(word) {
    return this.frame.getByRole("button", { name: new RegExp(`^Agent state: ${word}`) });
  }

  async choose(item) {
    await this.state("").click();
    await this.frame.getByRole("menuitem", { name: item, exact: true }).click();
  }

  /** Turns to a part of the softphone. */
  async show(part) {
    await this.frame.getByRole("navigation").getByRole("button", { name: part }).click();
  }

  /** The call whose customer is called so. */
  call(name) {
    return this.frame.getByRole("article", { name });
  }

  text(words) {
    return this.frame.getByText(words);
  }
}
