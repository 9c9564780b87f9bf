// The demo CRM in a browser and the softphone in it, addressed by their texts.

import { PASSWORD } from "../../desktop/support/node.js";

export class Crm {
  constructor(node, agent, seat, page) {
    Object.assign(this, { node, agent, seat, page });
    this.phone = new Softphone(page.frameLocator("aside iframe"), agent);
  }

  /** Opens the CRM in a tab. */
  static async open(stage, agent, { seat, query = "", ...options } = {}) {
    const { node } = stage;
    const own = seat ?? (await stage.seat({ width: 1280, height: 760, ...options }));
    stage.origins.push(node.crm);
    const page = await own.tab();
    await page.goto(node.crm + query);
    return new Crm(node, agent, own, page);
  }

  /** Opens the CRM and signs the agent in. */
  static async atWork(stage, agent, options) {
    const crm = await Crm.open(stage, agent, options);
    await crm.phone.signIn();
    await crm.phone.signInAgent();
    return crm;
  }

  number(text) {
    return this.page.getByRole("button", { name: `Call ${text}` });
  }

  record(name) {
    return this.page.getByRole("heading", { level: 1, name });
  }
}

/** The connector, in any page. */
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

  async signInAgent() {
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

  /** The button that shows the agent's state, if the state is this one. */
  state(word) {
    return this.frame.getByRole("button", { name: new RegExp(`^Agent state: ${word}`) });
  }

  async choose(item) {
    await this.state("").click();
    await this.frame.getByRole("menuitem", { name: item, exact: true }).click();
  }

  /** Shows a section of the softphone. */
  async show(part) {
    await this.frame.getByRole("navigation").getByRole("button", { name: part }).click();
  }

  /** The call with a customer of this name. */
  call(name) {
    return this.frame.getByRole("article", { name });
  }

  text(words) {
    return this.frame.getByText(words);
  }
}
