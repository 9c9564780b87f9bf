/** Every text of the page. */

const en = {
  alone: "This page belongs inside MAX. It makes MAX’s agent and calls known to Cordboard.",
  signedOut: "Sign in, so that your calls in MAX are known to Cordboard.",
  agent: "Agent",
  password: "Password",
  signIn: "Sign in",
  signOut: "Sign out",
  connecting: "Connecting to Cordboard…",
  registering: "Waiting for MAX…",
  registered: "Your calls in MAX are known to Cordboard.",
  refused: (why: string) => `MAX is not connected: ${why}`,
  silent: "MAX does not answer.",
};

const de: typeof en = {
  alone: "Diese Seite gehört in MAX. Sie macht den Agenten und die Anrufe von MAX in Cordboard bekannt.",
  signedOut: "Bitte anmelden, damit Ihre Anrufe in MAX in Cordboard bekannt sind.",
  agent: "Agent",
  password: "Passwort",
  signIn: "Anmelden",
  signOut: "Abmelden",
  connecting: "Verbindung mit Cordboard wird hergestellt …",
  registering: "Warten auf MAX …",
  registered: "Ihre Anrufe in MAX sind in Cordboard bekannt.",
  refused: (why) => `MAX ist nicht verbunden: ${why}`,
  silent: "MAX antwortet nicht.",
};

export const language = navigator.language.startsWith("de") ? "de" : "en";
export const texts = { en, de }[language];
