/** Types of the API, generated from its OpenAPI description. */

import type { components } from "./api.d.ts";

type Schemas = components["schemas"];

export type AgentView = Schemas["AgentView"];
export type NextState = Schemas["NextState"];
export type Interaction = Schemas["Interaction"];
export type InteractionView = Schemas["InteractionView"];
export type InteractionSummary = Schemas["InteractionSummary"];
export type Conversation = Schemas["Conversation"];
export type Leg = Schemas["Leg"];
export type Party = Schemas["Party"];
export type Contact = Schemas["Contact"];
export type Data = Schemas["Data"];
export type Pop = Schemas["Pop"];
export type SearchTerm = Schemas["SearchTerm"];
export type Colleague = Schemas["Colleague"];
export type Notice = Schemas["Notice"];
export type Floor = Schemas["Floor"];
export type Page = Schemas["Page"];
export type RecordPage = Schemas["RecordPage"];
export type SwitchView = Schemas["SwitchView"];
export type QueueView = Schemas["QueueView"];
export type Principal = Schemas["Principal"];
export type Snapshot = Schemas["Snapshot"];
export type Event = Schemas["Event"];
export type EventRecord = Schemas["Record"];
export type Verb = Schemas["Verb"];
export type VerbName = Schemas["VerbName"];
export type Accepted = Schemas["Accepted"];

/** The event of one type. */
export type EventOf<T extends Event["type"]> = Extract<Event, { type: T }>;
