/**
 * The page to which the provider sends the browser back (`@cordboard/client`, provider.ts). It passes what the provider sent to the page that
 * began the sign-in, and makes no decisions.
 */

import { returnFromProvider } from "@cordboard/client";
import { language, t } from "@cordboard/texts";
import "./style.css";

document.documentElement.lang = language.value;

// A page that the person opens again from the history has no answer of the provider any more.
const isPopup = window.opener !== null;
const isPassed = returnFromProvider();
const { wait, close, lost, open } = t().signIn.returned;

show("#state", isPassed ? (isPopup ? close : wait) : lost);
if (!isPassed) show("#open", open);

function show(selector: string, text: string): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) return;
  element.textContent = text;
  element.hidden = false;
}
