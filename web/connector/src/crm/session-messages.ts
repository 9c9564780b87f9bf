/** Messages between this page and its session in the hub. The other side is in crates/dialects/crm-connector/src/telephony. */

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

/** The phase of the connection to the CRM page. */
const PHASE = oneOf("opened", "refused", "pinging", "asking", "active");

/** The settings of the CRM page that this page uses. */
const SETTINGS = object({
  general: object({ title: text, width: number, height: number }),
  server: object({ host: text, shared: nullable(flag) }),
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
    timeout_s: number,
  }),
  reasons: object({ not_ready: flag, disposition: flag }),
  /** Texts of labels, by the vendor's names. */
  labels: record(text),
});

const USER = object({ name: nullable(text), locale: nullable(text) });

/** A field of the CRM for the log. Without `picks`, the agent can enter any text. */
const CUSTOM_FIELD = object({ key: text, label: text, picks: list(text) });

/** An entry of the CRM's directory. */
const DIRECTORY_ENTRY = object({
  id: nullable(text),
  name: nullable(text),
  phone: nullable(text),
  email: nullable(text),
});

/** A log that the CRM has saved. */
const SAVED = object({ task_id: text, interaction: text, parameters: list(pair(text, text)) });

const SEVERITY = oneOf("EVENT", "INFO", "WARNING", "ERROR", "CRITICAL", "SUCCESS");

/** A notification from the CRM. The text is never interpreted as HTML. */
const NOTIFICATION = object({
  kind: oneOf("transient", "okDialog", "okCancelDialog", "fixedDialog", "html"),
  severity: SEVERITY,
  title: text,
  text,
  dialog_id: nullable(text),
  persist: flag,
  store: flag,
});

const SESSION_MESSAGE = tagged("type", {
  phase: object({ phase: PHASE }),
  "origin-refused": object({ origin: text, allowed: list(text) }),
  settings: object({ settings: SETTINGS, user: USER, crm_name: text, has_directory: flag }),
  fields: object({ voice: list(CUSTOM_FIELD) }),
  directory: object({ answered: flag, entries: list(DIRECTORY_ENTRY) }),
  clicked: object({ interaction: text }),
  consulted: object({ interaction: text, live: flag, name: nullable(text) }),
  history: object({ items: list(SAVED) }),
  notification: NOTIFICATION,
  notice: object({ text }),
  warn: object({ text }),
});

export type Phase = TypeOf<typeof PHASE>;
export type Settings = TypeOf<typeof SETTINGS>;
export type CustomField = TypeOf<typeof CUSTOM_FIELD>;
export type DirectoryEntry = TypeOf<typeof DIRECTORY_ENTRY>;
export type SavedLog = TypeOf<typeof SAVED>;
export type Severity = TypeOf<typeof SEVERITY>;
export type Notification = TypeOf<typeof NOTIFICATION>;
export type SessionMessage = TypeOf<typeof SESSION_MESSAGE>;

/** A message from this page to the session. */
export type PageMessage =
  | { readonly type: "around"; readonly origin: string; readonly offset_min: number }
  | { readonly type: "directory" }
  | { readonly type: "navigate"; readonly interaction: string; readonly consult: boolean }
  | { readonly type: "reports" };

/** Reads a message of the session. */
export function sessionMessageFrom(message: unknown): Read<SessionMessage> {
  return read(SESSION_MESSAGE, message);
}
