import { language } from "@cordboard/desktop/texts/index.ts";
import { effect } from "@preact/signals";
import { render } from "preact";
import "../styles.css";
import { c } from "../texts/index.ts";
import { Check } from "./app.tsx";

effect(() => {
  document.documentElement.lang = language.value;
  document.title = c().check.title;
});

const root = document.querySelector("#app");
if (root) render(<Check />, root);
