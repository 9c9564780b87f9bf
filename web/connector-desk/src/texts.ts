/** Texts of this page that other pages do not share. */

import { inLanguage } from "@cordboard/texts";

const en = {
  title: "Connector",
  intro: "Sign in to connect your calls in the connector to Cordboard.",
  waiting: "Loading the connector…",
  shown: (origin: string) =>
    `Cordboard handles your calls in ${origin} while you are signed in there and this page is open.`,
};

const de: typeof en = {
  title: "Connector",
  intro: "Melden Sie sich an, um Ihre Anrufe im Connector mit Cordboard zu verbinden.",
  waiting: "Connector wird geladen …",
  shown: (origin) =>
    `Cordboard verarbeitet Ihre Anrufe in ${origin}, solange Sie dort angemeldet sind und diese Seite geöffnet ist.`,
};

export const c = inLanguage({ en, de });
