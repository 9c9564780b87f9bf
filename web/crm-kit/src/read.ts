/** Reads messages of the connector without trusting them: missing fields and fields of the wrong type become empty. */

import type { CallLog, CallProgress, FieldNames, ScreenPop } from "./types.ts";

/** A message from the connector. */
export interface Message {
  readonly action: string;
  readonly data: unknown;
}

/** Reads a message; undefined if the value is not one. */
export function messageFrom(value: unknown): Message | undefined {
  const type = member(value, "type");
  const action = member(value, "action");
  if (type !== "CRMConnectMessage" || typeof action !== "string") return undefined;
  return { action, data: member(value, "data") };
}

export function popFrom(data: unknown): ScreenPop {
  return {
    numbers: texts(member(data, "aniValues")),
    dialled: texts(member(data, "dnisValues")),
    params: pairs(member(data, "customParams")),
    interaction: text(member(data, "interactionId")),
  };
}

/** Reads a call log; undefined if it has no interaction ID. */
export function logFrom(data: unknown): CallLog | undefined {
  const body = at(data, "message", "body");
  const about = member(body, "interactionData");
  const call = member(about, "interaction");
  const details = member(about, "logDetails");
  const interaction = text(member(body, "interactionId"));
  if (interaction === undefined) return undefined;
  return {
    interaction,
    from: text(member(about, "updatedOriginatingAddress")) ?? "",
    to: text(member(about, "updatedDestinationAddress")) ?? "",
    topic: text(member(call, "topic")) ?? "",
    direction: member(call, "direction") === "OUTBOUND" ? "OUTBOUND" : "INBOUND",
    startedAt: Number(member(call, "startTimestamp") ?? 0),
    endedAt: Number(member(call, "endTimestamp") ?? 0),
    agent: text(member(call, "agentId")) ?? "",
    answered: member(call, "answered") !== false,
    disposition: text(member(call, "dispositionCode")),
    subject: text(member(details, "subject")) ?? "",
    comments: text(member(details, "comments")) ?? "",
    fields: Object.fromEntries(list(member(details, "customFields")).map(field)),
  };
}

export function fieldNamesFrom(data: unknown): FieldNames {
  const names = member(data, "object");
  const filled = (side: string) => texts(member(names, side)).filter((name) => name !== "");
  return { voice: filled("voice"), digital: filled("digital") };
}

export function progressFrom(data: unknown): CallProgress | undefined {
  const event = EVENTS.find((known) => known === member(data, "event"));
  const interaction = text(member(data, "interactionId"));
  if (event === undefined || interaction === undefined) return undefined;
  const from = text(member(data, "originatingAddress")) ?? "";
  return { event, interaction, from, to: text(member(data, "destinationAddress")) ?? "" };
}

const EVENTS = ["ALERTING", "CONNECTED", "HELD", "RESUMED", "ENDED"] as const;

/** A field of an object; undefined if the value is not an object. */
export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** A string, or a number as a string. */
export function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}

function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce(member, value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): readonly string[] {
  return list(value)
    .map(text)
    .filter((one) => one !== undefined);
}

function pairs(value: unknown): Record<string, string> {
  const all = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const texts = all.map(([name, one]) => [name, text(one)] as const);
  return Object.fromEntries(texts.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function field(value: unknown): readonly [string, string] {
  return [text(member(value, "logFieldName")) ?? "", text(member(value, "currentValue")) ?? ""];
}
