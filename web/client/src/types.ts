/** The words of the API, as its description has them. */

import type { components } from "./api.d.ts";

type Schemas = components["schemas"];

export type AgentView = Schemas["AgentView"];
export type AgentState = Schemas["AgentState"];
export type NextState = Schemas["NextState"];
export type Interaction = Schemas["Interaction"];
export type InteractionView = Schemas["InteractionView"];
export type InteractionState = Schemas["InteractionState"];
export type InteractionSummary = Schemas["InteractionSummary"];
export type Conversation = Schemas["Conversation"];
export type ConversationState = Schemas["ConversationState"];
export type Leg = Schemas["Leg"];
export type Party = Schemas["Party"];
export type Contact = Schemas["Contact"];
export type Data = Schemas["Data"];
export type Pop = Schemas["Pop"];
export type Clue = Schemas["Clue"];
export type Colleague = Schemas["Colleague"];
export type LogEntry = Schemas["LogEntry"];
export type Notice = Schemas["Notice"];
export type Floor = Schemas["Floor"];
export type Page = Schemas["Page"];
export type RecordPage = Schemas["RecordPage"];
export type Script = Schemas["Script"];
export type SwitchView = Schemas["SwitchView"];
export type Snapshot = Schemas["Snapshot"];
export type Event = Schemas["Event"];
export type EventRecord = Schemas["Record"];
export type Verb = Schemas["Verb"];
export type VerbName = Schemas["VerbName"];
export type Accepted = Schemas["Accepted"];
export type Principal = Schemas["Principal"];
export type Code = Schemas["Code"];

/** The event of one type. */
export type EventOf<T extends Event["type"]> = Extract<Event, { type: T }>;

/** A list, and where its next page begins. */
export interface Items<T> {
  readonly items: readonly T[];
  readonly next?: string;
}
