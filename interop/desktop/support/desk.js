// The desktop in a browser, addressed by its texts.

import { PASSWORD } from "./node.js";

export class Desk {
  constructor(node, agent, seat, page) {
    Object.assign(this, { node, agent, seat, page });
  }

  /** Opens the desktop in a tab. */
  static async open(node, agent, seat) {
    const page = await seat.tab();
    await page.goto(node.url);
    return new Desk(node, agent, seat, page);
  }

  /** Opens the desktop in another tab of the same browser. */
  another() {
    return Desk.open(this.node, this.agent, this.seat);
  }

  async signIn() {
    await this.page.getByLabel("Account", { exact: true }).fill(this.agent);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.button("Sign in").click();
    await this.state("").waitFor();
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** The button that shows the agent's state, if the state is this one. */
  state(word) {
    return this.page.getByRole("button", { name: new RegExp(`^Agent state:\\s*${word}`) });
  }

  /** Chooses an item in the state menu. */
  async choose(item) {
    await this.state("").click();
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  async ready() {
    await this.choose("Ready");
    await this.state("Ready").waitFor();
  }

  /** The ringing call. */
  ring(who = "") {
    return this.page.getByRole("region", { name: "Incoming call" }).filter({ hasText: who });
  }

  async answer(who) {
    await this.ring(who).getByRole("button", { name: "Answer" }).click();
    await this.ring(who).waitFor({ state: "hidden" });
  }

  controls() {
    return this.page.getByRole("toolbar", { name: "Call controls" });
  }

  control(name) {
    return this.controls().getByRole("button", { name, exact: true });
  }

  press(name) {
    return this.control(name).click();
  }

  /** The entries of the list of interactions. */
  items() {
    return this.page.getByRole("navigation", { name: "Interactions" }).getByRole("button");
  }

  /** The state of the call that is shown, if it has one leg. */
  call(state) {
    return this.page.locator("article > header").getByText(state, { exact: true });
  }

  /** The state of one of two legs. */
  leg(which, state) {
    return this.page.getByRole("region", { name: which, exact: true }).getByText(state, { exact: true });
  }

  tab(name) {
    return this.page.getByRole("tab", { name, exact: true });
  }

  /** A configured workspace page. */
  async workspace(title) {
    await this.tab(title).click();
    return this.page.frameLocator(`iframe[title="${title}"]`);
  }

  /** A configured page that belongs to the interaction that is shown. */
  panel(title) {
    return this.workspace(title);
  }

  /** Consults, transfers to or calls a number. */
  async reach(how, number) {
    await this.button(how).click();
    const dialog = this.page.getByRole("dialog", { name: how });
    await dialog.getByLabel("Number or name").fill(number);
    await dialog.getByRole("button", { name: how, exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
  }
}
