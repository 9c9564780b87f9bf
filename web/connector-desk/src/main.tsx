import { createDeskStore } from "@cordboard/desk-store";
import { Desk } from "@cordboard/desk-ui";
import { language } from "@cordboard/texts";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { createHost } from "./host.ts";
import "./styles.css";

const store = createDeskStore();
store.settings.applyLanguage();
store.settings.sync();
const host = createHost(store);
effect(() => {
  document.documentElement.lang = language.value;
});

const root = document.querySelector("#app");
if (root) {
  render(
    <Desk store={store}>
      <App host={host} />
    </Desk>,
    root,
  );
}
