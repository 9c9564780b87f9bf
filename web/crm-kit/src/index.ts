/** Embeds a Cordboard softphone in a CRM page. */

export { clickToDial } from "./click.ts";
export { type Connector, type EmbedOptions, embed } from "./embed.ts";
export type {
  CallLog,
  CallProgress,
  CrmRecord,
  CrmUser,
  CustomField,
  CustomFields,
  FieldNames,
  Notification,
  Person,
  SavedLog,
  ScreenPop,
  Section,
  Settings,
} from "./types.ts";
