import { render } from "preact";
import { App } from "./app.tsx";
import { type Contact, contacts, follow } from "./records.ts";
import { begin } from "./softphone.ts";
import "./styles.css";

/** What the demo says of itself. */
interface Demo {
  /** Where Cordboard is. */
  readonly connector: string;
  readonly contacts: readonly Contact[];
}

/** The path of our connector, unless the address names another one: a page of Avaya's has `/sfdc-workspaces/`. */
const path = new URLSearchParams(location.search).get("path") ?? "/connector/";

const app = document.querySelector<HTMLElement>("#app");
const softphone = document.createElement("aside");
softphone.setAttribute("aria-label", "Softphone");

const demo: Demo = await (await fetch("/crm.json")).json();
contacts.value = demo.contacts;
follow();
if (app) {
  render(<App />, app);
  app.after(softphone);
  begin(new URL(path, demo.connector).href, softphone);
}
