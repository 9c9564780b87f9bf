/** The state of the connection to the CRM page, and the reducer that changes it. */

import type {
  CustomField,
  DirectoryEntry,
  Phase,
  SavedLog,
  SessionMessage,
  Settings,
} from "./session-messages.ts";

export interface Crm {
  /** `alone`: no page embeds the softphone. */
  readonly phase: Phase | "alone";
  /** Set if the floor does not list the embedding page. */
  readonly refused: { readonly origin: string; readonly allowed: readonly string[] } | undefined;
  readonly settings: Settings;
  readonly name: string;
  /** Language and country of the CRM user, such as `de_DE`. */
  readonly locale: string | null;
  readonly hasDirectory: boolean;
  readonly fields: readonly CustomField[];
  /** The directory of the CRM; undefined before its answer. */
  readonly directory: { readonly answered: boolean; readonly entries: readonly DirectoryEntry[] } | undefined;
  /** Interactions that a click-to-dial started. The CRM can show their records. */
  readonly clicked: readonly string[];
  /** Names of the records of people who are consulted because of a click, by interaction. Null: the record has no name. */
  readonly consulted: Readonly<Record<string, string | null>>;
  /** Saved logs, the newest first. */
  readonly history: readonly SavedLog[];
}

/** The settings until the CRM page sends its own. They are equal to those of the vendor's sample. */
const DEFAULT_SETTINGS: Settings = {
  general: { title: "", width: 300, height: 640 },
  server: { host: "", shared: null },
  log: { enabled: false },
  softphone: {
    language: null,
    not_ready: true,
    after_contact_work: true,
    transfer: true,
    conference: true,
    reject: true,
    dial_pad: true,
    history: true,
    reports: false,
    notifications: true,
    voicemail: null,
    timeout_s: 30,
  },
  reasons: { not_ready: true, disposition: true },
  labels: {},
};

export const INITIAL_CRM: Crm = {
  phase: "opened",
  refused: undefined,
  settings: DEFAULT_SETTINGS,
  name: "CRM",
  locale: null,
  hasDirectory: false,
  fields: [],
  directory: undefined,
  clicked: [],
  consulted: {},
  history: [],
};

/** How many clicked interactions are kept. */
const CLICKED_MAX = 64;

/** Applies a message of the session. Notifications and warnings do not change the state. */
export function reduce(crm: Crm, message: SessionMessage): Crm {
  switch (message.type) {
    case "phase":
      return { ...crm, phase: message.phase, refused: message.phase === "refused" ? crm.refused : undefined };
    case "origin-refused":
      return { ...crm, phase: "refused", refused: { origin: message.origin, allowed: message.allowed } };
    case "settings": {
      const { settings, user, crm_name, has_directory } = message;
      return { ...crm, settings, name: crm_name, locale: user.locale, hasDirectory: has_directory };
    }
    case "fields":
      return { ...crm, fields: message.voice };
    case "directory":
      return { ...crm, directory: { answered: message.answered, entries: message.entries } };
    case "clicked":
      return { ...crm, clicked: [...crm.clicked, message.interaction].slice(-CLICKED_MAX) };
    case "consulted": {
      const { [message.interaction]: _, ...others } = crm.consulted;
      return {
        ...crm,
        consulted: message.live ? { ...others, [message.interaction]: message.name } : others,
      };
    }
    case "history":
      return { ...crm, history: message.items };
    case "notification":
    case "notice":
    case "warn":
      return crm;
  }
}
