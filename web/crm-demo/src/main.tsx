import { render } from "preact";
import { App } from "./app.tsx";
import { type Contact, contacts, followAddress } from "./records.ts";
import { begin } from "./softphone.ts";
import "./styles.css";

/** The configuration of the demo CRM, from `crm.json`. */
interface Demo {
  /** The URL of the Cordboard node. */
  readonly connector: string;
  readonly contacts: readonly Contact[];
}

/** The path of the connector. The address can set another one: pages made for Avaya use `/sfdc-workspaces/`. */
const path = new URLSearchParams(location.search).get("path") ?? "/connector/";

const app = document.querySelector<HTMLElement>("#app");
const softphone = document.createElement("aside");
softphone.setAttribute("aria-label", "Softphone");

const demo: Demo = await (await fetch("/crm.json")).json();
contacts.value = demo.contacts;
followAddress();
if (app) {
  render(<App />, app);
  app.after(softphone);
  begin(new URL(path, demo.connector).href, softphone);
}
