/** Starts the softphone. */

import { createDeskStore } from "@cordboard/desk-store";
import { Desk, startAlert } from "@cordboard/desk-ui";
import { language } from "@cordboard/texts";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { CrmLinkContext } from "./crm/context.ts";
import { frameStorage } from "./crm/frame-storage.ts";
import { acceptHostSignIn } from "./crm/host-sign-in.ts";
import { createCrmLink } from "./crm/link.ts";
import { parentOrigin, windowContext } from "./crm/parent.ts";
import "./styles.css";
import { languageOf } from "./texts/locale.ts";
import { watchDrafts } from "./work/log.tsx";
import { followCalls } from "./work/view.ts";

/** How long the server may take to answer, by the settings of the CRM page. Milliseconds. */
let responseMs: number | undefined;
const store = createDeskStore({ accountStorage: () => frameStorage(), responseMs: () => responseMs });
const { session, settings } = store;
// In a frame, keyboard shortcuts belong to the embedding page.
settings.override({ shortcuts: false, notifications: true });
settings.applyLanguage();
store.start();
watchDrafts(store);
followCalls(store);
const link = createCrmLink(store);
startAlert(store);

const host = parentOrigin(windowContext());
if (window.parent !== window && host !== undefined) {
  const requestSignIn = acceptHostSignIn({
    origin: host,
    parent: window.parent,
    receiver: window,
    isSignedIn: () => session.account.peek() !== undefined,
    openToken: session.openToken,
  });
  // At the start, and when the server has ended the session.
  let last: unknown;
  effect(() => {
    const why = session.ended.value ?? "start";
    if (why !== last) requestSignIn();
    last = why;
  });
}

effect(() => {
  const { settings: wanted, locale } = link.crm.value;
  responseMs = wanted.softphone.timeout_s * 1_000;
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
