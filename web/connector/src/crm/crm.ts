/** What is known of the page around: one pure function of what the session tells. */

import type { CustomField, Direct, Phase, Saved, Settings, Told } from "./words.ts";

export interface Crm {
  /** `alone`: there is no page around. */
  readonly phase: Phase | "alone";
  /** The page around is none of the floor's. */
  readonly refused: { readonly origin: string; readonly allowed: readonly string[] } | undefined;
  readonly settings: Settings;
  readonly name: string;
  /** Language and country of who uses the CRM. */
  readonly locale: string | null;
  readonly hasDirectory: boolean;
  readonly fields: readonly CustomField[];
  /** Undefined until it was asked for. */
  readonly directory: { readonly answered: boolean; readonly entries: readonly Direct[] } | undefined;
  /** Interactions that came of a click: their record can be shown. */
  readonly clicked: readonly string[];
  /** The last one first. */
  readonly history: readonly Saved[];
}

/** As the vendor's sample has it, until the page around says otherwise. */
const USUAL: Settings = {
  general: { title: "", width: 300, height: 640 },
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
  },
  reasons: { not_ready: true, disposition: true },
  labels: {},
};

export const NOTHING: Crm = {
  phase: "opened",
  refused: undefined,
  settings: USUAL,
  name: "CRM",
  locale: null,
  hasDirectory: false,
  fields: [],
  directory: undefined,
  clicked: [],
  history: [],
};

/** How many clicks are remembered. */
const CLICKED_MAX = 64;

/** Takes in what the session told. What is to be shown at once changes nothing here. */
export function hear(crm: Crm, told: Told): Crm {
  switch (told.type) {
    case "phase":
      return { ...crm, phase: told.phase, refused: told.phase === "refused" ? crm.refused : undefined };
    case "origin-refused":
      return { ...crm, phase: "refused", refused: { origin: told.origin, allowed: told.allowed } };
    case "settings": {
      const { settings, user, crm_name, has_directory } = told;
      return { ...crm, settings, name: crm_name, locale: user.locale, hasDirectory: has_directory };
    }
    case "fields":
      return { ...crm, fields: told.voice };
    case "directory":
      return { ...crm, directory: { answered: told.answered, entries: told.entries } };
    case "clicked":
      return { ...crm, clicked: [...crm.clicked, told.interaction].slice(-CLICKED_MAX) };
    case "history":
      return { ...crm, history: told.items };
    case "notification":
    case "notice":
    case "warn":
      return crm;
  }
}
