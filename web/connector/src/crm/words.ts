/** What the session in the hub and this page say to each other: crates/dialects/crm-connector/src/telephony/words.rs. */

import { isObject } from "@cordboard/client";

/** How far the connector and the page around it have come. */
export type Phase = "opened" | "refused" | "pinging" | "asking" | "active";

/** How the page around wants the connector; only what is drawn here. */
export interface Settings {
  readonly general: { readonly title: string; readonly width: number; readonly height: number };
  readonly log: { readonly enabled: boolean };
  readonly softphone: {
    readonly language: string | null;
    readonly not_ready: boolean;
    readonly after_contact_work: boolean;
    readonly transfer: boolean;
    readonly conference: boolean;
    readonly reject: boolean;
    readonly dial_pad: boolean;
    readonly history: boolean;
    readonly reports: boolean;
    readonly notifications: boolean;
    readonly voicemail: string | null;
  };
  readonly reasons: { readonly not_ready: boolean; readonly disposition: boolean };
  /** Texts by the vendor's names. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface User {
  readonly name: string | null;
  readonly locale: string | null;
}

/** A field of the CRM's that is filled in with the log. */
export interface CustomField {
  readonly key: string;
  readonly label: string;
  /** What may be chosen; any text where there is none. */
  readonly picks: readonly string[];
}

/** Somebody whom the CRM knows. */
export interface Direct {
  readonly id: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
}

/** A log that the CRM has saved. */
export interface Saved {
  readonly task_id: string;
  readonly interaction: string;
  readonly parameters: readonly (readonly [string, string])[];
}

export type Severity = "EVENT" | "INFO" | "WARNING" | "ERROR" | "CRITICAL" | "SUCCESS";

/** Something that the CRM has to say to the agent. Its text is text, never HTML. */
export interface Notification {
  readonly kind: "transient" | "okDialog" | "okCancelDialog" | "fixedDialog" | "html";
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
  readonly dialog_id: string | null;
  readonly persist: boolean;
  readonly store: boolean;
}

export type Told =
  | { readonly type: "phase"; readonly phase: Phase }
  | { readonly type: "origin-refused"; readonly origin: string; readonly allowed: readonly string[] }
  | {
      readonly type: "settings";
      readonly settings: Settings;
      readonly user: User;
      readonly crm_name: string;
      readonly has_directory: boolean;
    }
  | { readonly type: "fields"; readonly voice: readonly CustomField[] }
  | { readonly type: "directory"; readonly answered: boolean; readonly entries: readonly Direct[] }
  | { readonly type: "clicked"; readonly interaction: string }
  | { readonly type: "history"; readonly items: readonly Saved[] }
  | ({ readonly type: "notification" } & Notification)
  | { readonly type: "notice" | "warn"; readonly text: string };

/** What this page says. */
export type Said =
  | { readonly type: "around"; readonly origin: string; readonly offset_min: number }
  | { readonly type: "directory" }
  | { readonly type: "navigate"; readonly interaction: string }
  | { readonly type: "reports" };

const TYPES: ReadonlySet<unknown> = new Set<Told["type"]>([
  "phase",
  "origin-refused",
  "settings",
  "fields",
  "directory",
  "clicked",
  "history",
  "notification",
  "notice",
  "warn",
]);

/** Reads what the session tells; undefined when it is nothing that is known, which a later hub may well say. */
export function toldFrom(message: unknown): Told | undefined {
  return isObject(message) && TYPES.has(message["type"]) ? (message as unknown as Told) : undefined;
}
