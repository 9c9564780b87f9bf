import { createSettings } from "@cordboard/desk-store";
import { language } from "@cordboard/texts";
import { effect } from "@preact/signals";
import { render } from "preact";
import "../styles.css";
import { c } from "../texts/index.ts";
import { Check } from "./app.tsx";

createSettings().applyLanguage();
effect(() => {
  document.documentElement.lang = language.value;
  document.title = c().check.title;
});

const root = document.querySelector("#app");
if (root) render(<Check />, root);
