/** Texts of this page in every language. */

const en = {
  outsideMax: "Open this page inside MAX. It connects the agent and the calls in MAX to Cordboard.",
  signedOut: "Sign in to connect your calls in MAX to Cordboard.",
  account: "Account",
  password: "Password",
  signIn: "Sign in",
  signInWith: (provider: string) => `Sign in with ${provider}`,
  blocked: "The browser blocked the window for the sign-in. Allow windows of this page and try again.",
  closed: "The window for the sign-in was closed before you were signed in.",
  elsewhere: (origin: string) => `This sign-in works only at ${origin}. Open the page there.`,
  signOut: "Sign out",
  connecting: "Connecting to Cordboard…",
  registering: "Waiting for MAX…",
  registered: "Your calls in MAX are connected to Cordboard.",
  refused: (why: string) => `MAX is not connected: ${why}`,
  silent: "MAX does not answer. Reload MAX and try again.",
};

const de: typeof en = {
  outsideMax: "Öffnen Sie diese Seite in MAX. Sie verbindet den Agenten und die Anrufe in MAX mit Cordboard.",
  signedOut: "Melden Sie sich an, um Ihre Anrufe in MAX mit Cordboard zu verbinden.",
  account: "Konto",
  password: "Passwort",
  signIn: "Anmelden",
  signInWith: (provider) => `Anmelden mit ${provider}`,
  blocked:
    "Der Browser hat das Fenster für die Anmeldung blockiert. Erlauben Sie Fenster dieser Seite und versuchen Sie es erneut.",
  closed: "Das Fenster für die Anmeldung wurde geschlossen, bevor Sie angemeldet waren.",
  elsewhere: (origin) => `Diese Anmeldung funktioniert nur unter ${origin}. Öffnen Sie die Seite dort.`,
  signOut: "Abmelden",
  connecting: "Verbindung zu Cordboard wird hergestellt …",
  registering: "Warten auf MAX …",
  registered: "Ihre Anrufe in MAX sind mit Cordboard verbunden.",
  refused: (why) => `MAX ist nicht verbunden: ${why}`,
  silent: "MAX antwortet nicht. Laden Sie MAX neu und versuchen Sie es erneut.",
};

export const language = navigator.language.startsWith("de") ? "de" : "en";
export const texts = { en, de }[language];
