// The desktop in a browser, in the words that it shows.

import { PASSWORD } from "./node.js";

export class Desk {
  constructor(node, agent, seat, page) {
    Object.assign(this, { node, agent, seat, page });
  }

  /** A tab with the desktop, as it comes. */
  static async open(node, agent, seat) {
    const page = await seat.tab();
    await page.goto(node.url);
    return new Desk(node, agent, seat, page);
  }

  /** Another tab of the same browser. */
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

  /** The button that shows the agent's state, when it is this one. */
  state(word) {
    return this.page.getByRole("button", { name: new RegExp(`^Agent state:\\s*${word}`) });
  }

  /** Chooses in the menu of states. */
  async choose(item) {
    await this.state("").click();
    await this.page.getByRole("menuitem", { name: item, exact: true }).click();
  }

  async ready() {
    await this.choose("Ready");
    await this.state("Ready").waitFor();
  }

  /** What rings. */
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

  /** The interactions, as the list of them shows. */
  items() {
    return this.page.getByRole("navigation", { name: "Interactions" }).getByRole("button");
  }

  /** How the call of the interaction that is looked at stands, while there is one leg. */
  call(state) {
    return this.page.locator("article > header").getByText(state, { exact: true });
  }

  /** How one of two legs stands. */
  leg(which, state) {
    return this.page.getByRole("region", { name: which, exact: true }).getByText(state, { exact: true });
  }

  tab(name) {
    return this.page.getByRole("tab", { name, exact: true });
  }

  /** A page of the floor that is always there. */
  async workspace(title) {
    await this.tab(title).click();
    return this.page.frameLocator(`iframe[title="${title}"]`);
  }

  /** A page of the floor that came with the interaction that is looked at. */
  panel(title) {
    return this.workspace(title);
  }

  /** Consults, or transfers to, or calls a number. */
  async reach(how, number) {
    await this.button(how).click();
    const dialog = this.page.getByRole("dialog", { name: how });
    await dialog.getByLabel("Number or name").fill(number);
    await dialog.getByRole("button", { name: how, exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
  }
}
