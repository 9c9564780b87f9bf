/** What the session in the hub and this page say to each other: crates/dialects/crm-connector/src/telephony/words.rs. */

import {
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  pair,
  type Read,
  read,
  record,
  type TypeOf,
  tagged,
  text,
} from "@cordboard/guard";

/** How far the connector and the page around it have come. */
const PHASE = oneOf("opened", "refused", "pinging", "asking", "active");

/** How the page around wants the connector; only what is drawn here. */
const SETTINGS = object({
  general: object({ title: text, width: number, height: number }),
  log: object({ enabled: flag }),
  softphone: object({
    language: nullable(text),
    not_ready: flag,
    after_contact_work: flag,
    transfer: flag,
    conference: flag,
    reject: flag,
    dial_pad: flag,
    history: flag,
    reports: flag,
    notifications: flag,
    voicemail: nullable(text),
  }),
  reasons: object({ not_ready: flag, disposition: flag }),
  /** Texts by the vendor's names. */
  labels: record(text),
});

const USER = object({ name: nullable(text), locale: nullable(text) });

/** A field of the CRM's that is filled in with the log; any text where there is nothing to pick. */
const CUSTOM_FIELD = object({ key: text, label: text, picks: list(text) });

/** Somebody whom the CRM knows. */
const DIRECT = object({
  id: nullable(text),
  name: nullable(text),
  phone: nullable(text),
  email: nullable(text),
});

/** A log that the CRM has saved. */
const SAVED = object({ task_id: text, interaction: text, parameters: list(pair(text, text)) });

const SEVERITY = oneOf("EVENT", "INFO", "WARNING", "ERROR", "CRITICAL", "SUCCESS");

/** Something that the CRM has to say to the agent. Its text is text, never HTML. */
const NOTIFICATION = object({
  kind: oneOf("transient", "okDialog", "okCancelDialog", "fixedDialog", "html"),
  severity: SEVERITY,
  title: text,
  text,
  dialog_id: nullable(text),
  persist: flag,
  store: flag,
});

const TOLD = tagged("type", {
  phase: object({ phase: PHASE }),
  "origin-refused": object({ origin: text, allowed: list(text) }),
  settings: object({ settings: SETTINGS, user: USER, crm_name: text, has_directory: flag }),
  fields: object({ voice: list(CUSTOM_FIELD) }),
  directory: object({ answered: flag, entries: list(DIRECT) }),
  clicked: object({ interaction: text }),
  history: object({ items: list(SAVED) }),
  notification: NOTIFICATION,
  notice: object({ text }),
  warn: object({ text }),
});

export type Phase = TypeOf<typeof PHASE>;
export type Settings = TypeOf<typeof SETTINGS>;
export type CustomField = TypeOf<typeof CUSTOM_FIELD>;
export type Direct = TypeOf<typeof DIRECT>;
export type Saved = TypeOf<typeof SAVED>;
export type Severity = TypeOf<typeof SEVERITY>;
export type Notification = TypeOf<typeof NOTIFICATION>;
export type Told = TypeOf<typeof TOLD>;

/** What this page says. */
export type Said =
  | { readonly type: "around"; readonly origin: string; readonly offset_min: number }
  | { readonly type: "directory" }
  | { readonly type: "navigate"; readonly interaction: string }
  | { readonly type: "reports" };

/** Reads what the session tells. */
export function toldFrom(message: unknown): Read<Told> {
  return read(TOLD, message);
}
