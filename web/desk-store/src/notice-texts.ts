/** The texts of notices. In English, pages show the server’s own text. */

import type { Notice } from "@cordboard/client";
import { inLanguage, t } from "@cordboard/texts";

type Topic = NonNullable<Notice["topic"]>;
type TopicTexts = { readonly [Type in Topic["type"]]: (topic: Extract<Topic, { type: Type }>) => string };

/** The text of a notice in the current language, or else the server’s own text. */
export function noticeText({ topic, text }: Notice): string {
  const write = topic && texts()[topic.type];
  // The function and the topic have the same type, which TypeScript cannot follow.
  return write ? (write as (topic: Topic) => string)(topic) : text;
}

/** What agents call the requests that the server names as CSTA does. */
const SERVICES: Readonly<Record<string, string>> = {
  "Make Call": "Anrufen",
  "Answer Call": "Annehmen",
  "Clear Connection": "Auflegen",
  "Hold Call": "Halten",
  "Retrieve Call": "Fortsetzen",
  "Consultation Call": "Rückfrage",
  "Alternate Call": "Makeln",
  "Transfer Call": "Übergabe abschließen",
  "Conference Call": "Zusammenschalten",
  "Single Step Transfer Call": "Übergeben",
  "Deflect Call": "Umleiten",
  "Generate Digits": "Ziffern senden",
  "Set Microphone Mute": "Stumm",
  "Record Message": "Aufnehmen",
  Suspend: "Aufnahme anhalten",
  Resume: "Aufnahme fortsetzen",
};

const takesEffect = (afterCall: boolean) => (afterCall ? "nach diesem Anruf" : "jetzt");
const waitingCalls = (count: number) =>
  count === 1
    ? "Der wartende Anruf wird ihren Agenten noch angeboten."
    : `Die ${count} wartenden Anrufe werden ihren Agenten noch angeboten.`;
const notReady = (count: number) =>
  count === 1 ? "Ein Agent ist jetzt nicht bereit." : `${count} Agenten sind jetzt nicht bereit.`;

const de: TopicTexts = {
  "call-not-answered": () =>
    "Sie haben den Anruf nicht angenommen und sind jetzt nicht bereit. Wählen Sie „Bereit“, um wieder Anrufe zu erhalten.",
  "phone-did-not-ring": () =>
    "Ihr Telefon hat nicht geklingelt. Sie sind jetzt nicht bereit. Prüfen Sie das Telefon und wählen Sie dann „Bereit“.",
  "agent-retiring": () =>
    "Ihr Arbeitsplatz wurde aus der Konfiguration entfernt. Sie können den Vorgang noch abschließen und werden danach abgemeldet.",
  "agent-removed": () => "Ihr Arbeitsplatz wurde aus der Konfiguration entfernt. Sie wurden abgemeldet.",
  "queue-retiring": ({ queue, waiting }) =>
    `Die Warteschlange ${queue} wurde entfernt. ${waitingCalls(waiting)}`,
  "queue-unknown": ({ queue }) =>
    `Ein Anruf wartet in der Warteschlange ${queue}, die nicht eingerichtet ist. Er wird niemandem angeboten. Richten Sie die Warteschlange ein.`,
  "queue-removed": ({ queue }) =>
    `Ein Anruf kam in die Warteschlange ${queue}, die entfernt wurde. Leiten Sie Anrufer in eine andere Warteschlange.`,
  "release-overdue": () =>
    "Die Telefonanlage hat trotz Aufforderung nicht aufgelegt. Sie können das Ende des Anrufs erzwingen.",
  "agent-refused": ({ switch: system, reason, after_call }) =>
    `Die Telefonanlage ${system} hat Ihre Anmeldung abgelehnt: ${reason}. Sie sind ${takesEffect(after_call)} nicht bereit. Melden Sie sich erneut an oder wählen Sie „Bereit“.`,
  "desk-lost": ({ seconds, after_call }) =>
    `Ihr Arbeitsplatz war ${seconds} Sekunden lang nicht verbunden. Sie sind ${takesEffect(after_call)} nicht bereit. Öffnen Sie die Seite und wählen Sie „Bereit“.`,
  "call-failed": ({ cause }) => `Der Anruf ist fehlgeschlagen: ${t().cause[cause]}.`,
  "request-not-sent": ({ service, switch: system, reason }) =>
    `Der Befehl „${SERVICES[service] ?? service}“ wurde nicht an die Telefonanlage ${system} gesendet: ${reason}`,
  "request-refused": ({ service, switch: system, reason }) =>
    `Die Telefonanlage ${system} hat den Befehl „${SERVICES[service] ?? service}“ abgelehnt: ${reason}`,
  "switch-unreachable": ({ switch: system, reason }) =>
    `Die Telefonanlage ${system} ist nicht erreichbar: ${reason}`,
  "switch-lost": ({ switch: system, seconds, agents }) =>
    `Die Telefonanlage ${system} war ${seconds} Sekunden lang nicht erreichbar. ${notReady(agents)}`,
  "sign-in-revoked": () =>
    "Eine unbenutzte Anmeldung dieses Kontos wurde beendet, weil es zu viele Anmeldungen hat.",
  "sign-in-refused": () =>
    "Eine weitere Anmeldung dieses Kontos wurde abgelehnt, weil es zu viele Anmeldungen hat.",
};

const texts = inLanguage<Partial<TopicTexts>>({ en: {}, de });
