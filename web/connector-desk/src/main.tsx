import * as settings from "@cordboard/desktop/store/settings.ts";
import { language } from "@cordboard/desktop/texts/index.ts";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { begin } from "./host.ts";
import "./styles.css";

settings.follow();
begin();
effect(() => {
  document.documentElement.lang = language.value;
});

const root = document.querySelector("#app");
if (root) render(<App />, root);
