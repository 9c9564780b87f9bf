/** German texts of the connector's own pages. */

import type { Texts } from "./en.ts";

export const de: Texts = {
  title: "Softphone",
  signIn: "Anmelden, um zu telefonieren",
  nav: {
    label: "Bereiche des Softphones",
    calls: "Anrufe",
    dial: "Wählen",
    people: "Personen",
    history: "Verlauf",
    messages: "Eingang",
  },
  phase: {
    opened: "Verbindung zur CRM-Seite wird hergestellt …",
    pinging: "Warten auf die Antwort der CRM-Seite …",
    asking: "Einstellungen der CRM-Seite werden geladen …",
    alone:
      "Dieses Softphone ist in keine CRM-Seite eingebettet. Anrufe funktionieren, aber kein CRM erfährt davon.",
  },
  refused: {
    title: "Diese Seite darf das Softphone nicht einbetten",
    unknown: "Der Browser teilt nicht mit, welche Seite das Softphone einbettet.",
    unknownHint: "Die CRM-Seite muss ihren Ursprung in die Adresse des Frames schreiben:",
    origin: (origin) => `Die einbettende Seite ist ${origin}. Sie steht nicht in der Floor-Datei.`,
    allowed: "In der Floor-Datei stehen:",
    none: "In der Floor-Datei steht keine CRM-Seite.",
    fix: "Fügen Sie dies am Anfang der Floor-Datei ein, vor dem ersten Abschnitt, und wenden Sie die Datei an:",
    check: "Selbsttest",
  },
  menu: { reports: "Berichte" },
  state: { afterContactWork: "Nachbearbeitung", goAfterContactWork: "Nachbearbeitung" },
  idle: {
    signedOut: "Sie sind abgemeldet",
    signedOutHint: "Um Anrufe zu erhalten, wählen Sie oben im Menü „Anmelden“.",
  },
  call: {
    openRecord: (crm) => `In ${crm} öffnen`,
    notes: "Notizen für das Protokoll",
    saved: "Gespeicherte Einträge",
    saveNotes: "Notizen speichern",
    finish: "Speichern und abschließen",
    complete: "Abschließen",
    none: "Keine Auswahl",
  },
  dial: { number: "Rufnummer", voicemail: "Mailbox" },
  people: {
    crm: (name) => `Aus ${name}`,
    loading: "Kontakte werden aus dem CRM geladen …",
    noAnswer: "Das CRM hat nicht geantwortet.",
    retry: "Erneut versuchen",
    empty: "Das CRM enthält keine Kontakte.",
    filter: "Name, Nummer oder E-Mail-Adresse",
  },
  history: {
    saved: (name) => `In ${name} gespeichert`,
    noneSaved: "Es wurde noch nichts gespeichert.",
    calls: "Frühere Anrufe",
    noCalls: "Noch keine Anrufe.",
  },
  messages: {
    none: "Keine Meldungen",
    ok: "OK",
    cancel: "Abbrechen",
    from: (name) => `Meldung von ${name}`,
  },
  check: {
    title: "Selbsttest des Connectors",
    intro: "Diese Seite prüft alles, was das Softphone in einer CRM-Seite benötigt.",
    parent: "Einbettende Seite",
    parentFound: (origin) => `Diese Seite ist in ${origin} eingebettet.`,
    parentGiven: (origin) => `Geprüft wird ${origin}.`,
    parentNone:
      "Diese Seite ist in keine andere eingebettet. Geben Sie unten den Ursprung einer CRM-Seite ein, um sie zu prüfen.",
    origin: "Ursprung der CRM-Seite",
    submit: "Prüfen",
    notAnOrigin: "Das ist kein Ursprung. Verwenden Sie die Form https://crm.example",
    host: "Erlaubnis zum Einbetten des Connectors",
    hostYes: "Erlaubt. Die Seite steht in der Floor-Datei.",
    hostNo: "Nicht erlaubt. Die Seite steht nicht in der Floor-Datei.",
    hostAncestors: (origins) =>
      `Nicht erlaubt. Alle einbettenden Seiten müssen in der Floor-Datei stehen; es fehlt: ${origins}.`,
    hostUnknown:
      "Der Server hat nicht geantwortet. Prüfen Sie, ob er läuft und ob diese Seite von ihm stammt.",
    socket: "Verbindung zum Server",
    socketYes: "WebSockets funktionieren, und der Connector ist eingerichtet.",
    socketNoRelay:
      "WebSockets funktionieren, aber der Connector ist nicht eingerichtet. Fügen Sie dies in die Konfiguration ein:",
    socketNo:
      "WebSockets funktionieren nicht. Wenn vor dem Server ein Proxy steht, muss er sie weiterleiten.",
    storage: "Anmeldung",
    storageYes: "Agenten bleiben angemeldet, wenn die CRM-Seite neu geladen wird.",
    storageCookie:
      "Agenten bleiben angemeldet, wenn die CRM-Seite neu geladen wird. Der Browser sperrt den Speicher dieses Frames, daher bewahrt ein partitioniertes Cookie die Anmeldung auf.",
    storageNo:
      "Der Browser erlaubt diesem Frame nicht, Daten zu speichern. Agenten müssen sich nach jedem Neuladen erneut anmelden. Stellen Sie Cordboard über HTTPS bereit, oder lassen Sie die CRM-Seite die Anmeldung übergeben.",
    storageUntested:
      "Nicht geprüft: Für Frames gelten im Browser andere Regeln. Öffnen Sie diese Adresse im Frame der CRM-Seite anstelle des Softphones:",
    answer: "Antwort der CRM-Seite",
    answerYes: "Die CRM-Seite antwortet dem Softphone.",
    answerNo:
      "Die CRM-Seite hat nicht auf „ready“ geantwortet. Sie muss auf Nachrichten dieses Frames hören und an den Ursprung dieses Frames antworten.",
    microphone: "Mikrofon",
    microphoneYes: "Erlaubt. Das Softphone benötigt es nicht: Agenten sprechen an ihrem Telefon.",
    microphoneNo: "Nicht erlaubt. Das Softphone benötigt es nicht: Agenten sprechen an ihrem Telefon.",
    notifications: "Benachrichtigungen",
    notificationsYes: "Erlaubt. Der Browser zeigt Benachrichtigungen des CRM an.",
    notificationsAsk:
      "Noch nicht entschieden. Öffnen Sie diese Seite in einem eigenen Tab und erlauben Sie Benachrichtigungen dort.",
    notificationsNo: "Nicht erlaubt. Benachrichtigungen des CRM erscheinen im Softphone.",
    allow: "Benachrichtigungen erlauben",
    again: "Erneut prüfen",
    levels: { good: "In Ordnung", hint: "Hinweis", bad: "Problem" },
  },
};
