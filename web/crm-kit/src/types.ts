/** What a CRM page and the connector tell each other, in the words of a CRM. */

/** A record with a number in it. */
export interface CrmRecord {
  readonly id: string;
  /** What kind of record it is: `Contact`, `Lead`, … */
  readonly type: string;
  /** Name to show. */
  readonly name: string;
  /** The number to call. */
  readonly number: string;
  readonly email?: string | null;
  /** Where the record is shown. */
  readonly url: string;
}

/** Who uses the CRM. */
export interface CrmUser {
  readonly id: string | number;
  readonly name: string;
  /** What the user signs in to the CRM with. */
  readonly username: string;
  /** `admin`, `agent`, … */
  readonly role?: string;
  /** Language and country, such as `en_US`. */
  readonly locale?: string;
}

/** The eight sections of a call centre's settings, by the names that docs/crm-connector.md lists. Every value is a text; flags are `Y` or `N`. */
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

/** Somebody calls: whose record is to be shown. */
export interface ScreenPop {
  /** Spellings of the caller's number, the best one first. */
  readonly numbers: readonly string[];
  /** What was dialled, where the settings want to know. */
  readonly dialled: readonly string[];
  /** Data of the call that the settings name. */
  readonly params: Readonly<Record<string, string>>;
  readonly interaction: string | undefined;
}

/** A call that is over, as the CRM may save it. */
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
  readonly disposition: string | undefined;
  readonly subject: string;
  readonly comments: string;
  /** Custom fields by the CRM's names. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A log that the CRM has saved. */
export interface SavedLog {
  /** The CRM's id of it. */
  readonly id: string;
  /** What was saved, for the history in the softphone. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Somebody whom the CRM knows. */
export interface Person {
  readonly id: string | number;
  readonly name: string;
  readonly phone?: string | null;
  readonly email?: string | null;
}

/** A field of the CRM's that agents fill in with the log. */
export interface CustomField {
  /** The CRM's name of it. */
  readonly key: string;
  readonly label: string;
  /** What may be chosen; any text where there is none. */
  readonly choices?: readonly string[];
}

/** Names of fields that the settings list, of calls and of everything else. */
export interface FieldNames {
  readonly voice: readonly string[];
  readonly digital: readonly string[];
}

export interface CustomFields {
  readonly voice: readonly CustomField[];
  readonly digital?: readonly CustomField[];
}

/** Something for the agent to read. */
export interface Notification {
  /** `transient` goes by itself; dialogs stay; `html` is a notification of the desktop's, whose text is text all the same. */
  readonly type: "transient" | "okDialog" | "okCancelDialog" | "fixedDialog" | "html";
  readonly severity: "EVENT" | "INFO" | "WARNING" | "ERROR" | "CRITICAL" | "SUCCESS";
  readonly title?: string;
  readonly text: string;
  /** Another one of the same id takes its place. */
  readonly dialogId?: number;
  /** It stays on the screen. */
  readonly persist?: boolean;
  /** It is kept in the list of messages. */
  readonly store?: boolean;
}

/** How a call goes on; an extension that Cordboard's connector knows. */
export interface CallProgress {
  readonly event: "ALERTING" | "CONNECTED" | "HELD" | "RESUMED" | "ENDED";
  readonly interaction: string;
  readonly from: string;
  readonly to: string;
}
