/** Starts the softphone. */

import { createDeskStore } from "@cordboard/desk-store";
import { Desk, startAlert } from "@cordboard/desk-ui";
import { language } from "@cordboard/texts";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { CrmLinkContext } from "./crm/context.ts";
import { createCrmLink } from "./crm/link.ts";
import "./styles.css";
import { languageOf } from "./texts/locale.ts";
import { watchDrafts } from "./work/log.tsx";
import { followCalls } from "./work/view.ts";

const store = createDeskStore();
const { settings } = store;
// In a frame, keyboard shortcuts belong to the embedding page.
settings.override({ shortcuts: false, notifications: true });
settings.applyLanguage();
store.start();
watchDrafts(store);
followCalls(store);
const link = createCrmLink(store);
startAlert(store);

effect(() => {
  const { settings: wanted, locale } = link.crm.value;
  settings.override({ language: languageOf(wanted.softphone.language ?? locale) });
});
effect(() => {
  document.documentElement.lang = language.value;
});

const root = document.querySelector("#app");
if (root) {
  render(
    <Desk store={store}>
      <CrmLinkContext.Provider value={link}>
        <App />
      </CrmLinkContext.Provider>
    </Desk>,
    root,
  );
}
