/** Data that a CRM page and the connector exchange. */

/** A CRM record with a phone number. */
export interface CrmRecord {
  readonly id: string;
  /** The type of the record: `Contact`, `Lead`, … */
  readonly type: string;
  /** The display name. */
  readonly name: string;
  /** The number to call. */
  readonly number: string;
  readonly email?: string | null;
  /** The URL of the record. */
  readonly url: string;
}

/** The user of the CRM. */
export interface CrmUser {
  readonly id: string | number;
  readonly name: string;
  /** The user’s login name in the CRM. */
  readonly username: string;
  /** `admin`, `agent`, … */
  readonly role?: string;
  /** Language and country, such as `en_US`. */
  readonly locale?: string;
}

/** The eight sections of a call center's settings. docs/crm-connector.md lists the names. Every value is a string; flags are `Y` or `N`. */
export interface Settings {
  readonly ReqGeneralInfo?: Section;
  readonly ServerConfig?: Section;
  readonly DialingOptions?: Section;
  readonly LogOptions?: Section;
  readonly SoftphoneOptions?: Section;
  readonly CallScreenPopOptions?: Section;
  readonly ReasonCodesEnabled?: Section;
  readonly LabelOptions?: Section;
}

export type Section = Readonly<Record<string, string>>;

/** An incoming call whose record the CRM shows. */
export interface ScreenPop {
  /** The caller's number in several formats, the best one first. */
  readonly numbers: readonly string[];
  /** The dialed number, if the settings ask for it. */
  readonly dialled: readonly string[];
  /** The call data that the settings ask for. */
  readonly params: Readonly<Record<string, string>>;
  readonly interaction: string | undefined;
}

/** A call that has ended. */
export interface CallLog {
  readonly interaction: string;
  readonly from: string;
  readonly to: string;
  /** The queue's name. */
  readonly topic: string;
  readonly direction: "INBOUND" | "OUTBOUND";
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Unix milliseconds. */
  readonly endedAt: number;
  readonly agent: string;
  /** Whether the call was answered. */
  readonly answered: boolean;
  readonly disposition: string | undefined;
  readonly subject: string;
  readonly comments: string;
  /** Values of custom fields, by the CRM's field names. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A log that the CRM has saved. */
export interface SavedLog {
  /** The CRM's ID of the log. */
  readonly id: string;
  /** The saved values, for the softphone's history. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A person in the CRM's directory. */
export interface Person {
  readonly id: string | number;
  readonly name: string;
  readonly phone?: string | null;
  readonly email?: string | null;
}

/** A field of the CRM that agents fill in for the log. */
export interface CustomField {
  /** The CRM's name of the field. */
  readonly key: string;
  readonly label: string;
  /** The values to choose from. Without it, agents can enter any text. */
  readonly choices?: readonly string[];
}

/** Names of the custom fields in the settings, for calls and for digital interactions. */
export interface FieldNames {
  readonly voice: readonly string[];
  readonly digital: readonly string[];
}

export interface CustomFields {
  readonly voice: readonly CustomField[];
  readonly digital?: readonly CustomField[];
}

/** A message to the agent. */
export interface Notification {
  /** `transient` disappears after a few seconds, dialogs stay, `html` is a desktop notification. The text is never interpreted as HTML. */
  readonly type: "transient" | "okDialog" | "okCancelDialog" | "fixedDialog" | "html";
  readonly severity: "EVENT" | "INFO" | "WARNING" | "ERROR" | "CRITICAL" | "SUCCESS";
  readonly title?: string;
  readonly text: string;
  /** A later notification with the same ID replaces this one. */
  readonly dialogId?: number;
  /** Whether it stays on the screen. */
  readonly persist?: boolean;
  /** Whether it is also stored in the inbox. */
  readonly store?: boolean;
}

/** A change of a call’s state. This is an extension of Cordboard’s connector. */
export interface CallProgress {
  readonly event: "ALERTING" | "CONNECTED" | "HELD" | "RESUMED" | "ENDED";
  readonly interaction: string;
  readonly from: string;
  readonly to: string;
}
