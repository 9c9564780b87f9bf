/** Starts the desktop. */

import { createDeskStore } from "@cordboard/desk-store";
import { Desk, startAlert } from "@cordboard/desk-ui";
import { render } from "preact";
import { App } from "./app.tsx";
import { watchPops } from "./frames/pops.ts";
import { createPageRelay, PageRelay } from "./frames/relay.ts";
import "./styles/index.css";
import { startShortcuts } from "./work/shortcuts.ts";

const store = createDeskStore();
store.settings.applyLanguage();
store.settings.sync();
store.start();
watchPops(store);
startAlert(store);
const relay = createPageRelay(store);
startShortcuts(store);

const root = document.querySelector("#app");
if (root) {
  render(
    <Desk store={store}>
      <PageRelay.Provider value={relay}>
        <App />
      </PageRelay.Provider>
    </Desk>,
    root,
  );
}
