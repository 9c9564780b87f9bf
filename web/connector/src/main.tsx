/** Puts the softphone together: what watches, and what is drawn. */

import * as alert from "@cordboard/desktop/call/alert.ts";
import * as asking from "@cordboard/desktop/store/asking.ts";
import * as desk from "@cordboard/desktop/store/desk.ts";
import * as notes from "@cordboard/desktop/store/notes.ts";
import { settings } from "@cordboard/desktop/store/settings.ts";
import * as view from "@cordboard/desktop/store/view.ts";
import { language } from "@cordboard/desktop/texts/index.ts";
import { tick } from "@cordboard/desktop/ui/timer.tsx";
import * as notices from "@cordboard/desktop/work/notices.tsx";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import * as link from "./crm/link.ts";
import "./styles.css";
import { spoken } from "./texts/spoken.ts";
import * as log from "./work/log.tsx";
import { watch } from "./work/view.ts";

// In a frame single keys belong to the page around.
settings.value = { ...settings.value, shortcuts: false, notifications: true };
desk.begin();
asking.watch();
notes.watch();
log.watch();
view.watch();
watch();
notices.watch();
link.begin();
alert.begin();
tick();

effect(() => {
  const { settings: wanted, locale } = link.crm.value;
  const chosen = spoken(wanted.softphone.language ?? locale);
  if (settings.peek().language !== chosen) settings.value = { ...settings.peek(), language: chosen };
});
effect(() => {
  document.documentElement.lang = language.value;
});

const root = document.querySelector("#app");
if (root) render(<App />, root);
