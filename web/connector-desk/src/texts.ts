/** Every text of the page that it has alone. */

import { inLanguage } from "@cordboard/texts";

const en = {
  title: "Connector",
  intro: "Sign in, so that your calls in the connector are known to Cordboard.",
  waiting: "Asking Cordboard which connector it is…",
  shown: (origin: string) =>
    `Calls in ${origin} are known to Cordboard while you are signed in there and this page is open.`,
};

const de: typeof en = {
  title: "Connector",
  intro: "Bitte anmelden, damit Ihre Anrufe im Connector in Cordboard bekannt sind.",
  waiting: "Cordboard wird gefragt, welcher Connector es ist …",
  shown: (origin) =>
    `Anrufe in ${origin} sind in Cordboard bekannt, solange Sie dort angemeldet sind und diese Seite offen ist.`,
};

export const c = inLanguage({ en, de });
