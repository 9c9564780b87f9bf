/** Puts the softphone together: what watches, and what is drawn. */

import { createDeskStore } from "@cordboard/desk-store";
import { Desk, startAlert } from "@cordboard/desk-ui";
import { language } from "@cordboard/texts";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { LinkContext } from "./crm/context.ts";
import { createLink } from "./crm/link.ts";
import "./styles.css";
import { spoken } from "./texts/spoken.ts";
import { watchDrafts } from "./work/log.tsx";
import { watch } from "./work/view.ts";

const store = createDeskStore();
const { settings } = store;
// In a frame single keys belong to the page around.
settings.override({ shortcuts: false, notifications: true });
settings.speak();
store.start();
watchDrafts(store);
watch(store);
const link = createLink(store);
startAlert(store);

effect(() => {
  const { settings: wanted, locale } = link.crm.value;
  settings.override({ language: spoken(wanted.softphone.language ?? locale) });
});
effect(() => {
  document.documentElement.lang = language.value;
});

const root = document.querySelector("#app");
if (root) {
  render(
    <Desk store={store}>
      <LinkContext.Provider value={link}>
        <App />
      </LinkContext.Provider>
    </Desk>,
    root,
  );
}
