/** What the CRM knows: contacts, and the calls that it has saved. Nothing here is of Cordboard's. */

import type { CallLog, CrmRecord } from "@cordboard/crm-kit";
import { list, number, object, oneOf, record as pairs, parse, type TypeOf, text } from "@cordboard/guard";
import { computed, signal } from "@preact/signals";

const CONTACT = object({ id: text, name: text, numbers: list(text) }, { data: pairs(text) });

const SAVED = object(
  {
    id: text,
    interaction: text,
    from: text,
    to: text,
    topic: text,
    direction: oneOf("INBOUND", "OUTBOUND"),
    startedAt: number,
    endedAt: number,
    agent: text,
    subject: text,
    comments: text,
    fields: pairs(text),
  },
  { contact: CONTACT, disposition: text },
);

export type Contact = TypeOf<typeof CONTACT>;

/** A call that was saved. */
export interface SavedCall extends CallLog {
  readonly id: string;
  /** Whose call it was, as far as the number says. */
  readonly contact: Contact | undefined;
}

/** Calls outlast a reload of the page. */
const KEY = "rolodex.calls";

export const contacts = signal<readonly Contact[]>([]);
export const saved = signal<readonly SavedCall[]>(kept());

/** What the address names: a contact, or the list of calls. */
export const shown = signal(location.hash);

export const contact = computed(() => {
  const id = /^#\/contacts\/(.+)$/.exec(shown.value)?.[1];
  return contacts.value.find((one) => one.id === id);
});

/** How many are kept. */
const KEPT_MAX = 200;

export function follow(): void {
  addEventListener("hashchange", () => {
    shown.value = location.hash;
  });
}

export function open(id: string): void {
  location.hash = `#/contacts/${id}`;
}

/** The contact at one of the numbers, whatever stands between their digits. */
export function findByNumber(numbers: readonly string[]): Contact | undefined {
  const wanted = new Set(numbers.map(national));
  return contacts.value.find((one) => one.numbers.some((number) => wanted.has(national(number))));
}

export function record({ id, name }: Contact, number: string): CrmRecord {
  return {
    id,
    type: "Contact",
    name,
    number,
    email: emailOf(name),
    url: `${location.origin}/#/contacts/${id}`,
  };
}

export function emailOf(name: string): string {
  return `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@example.com`;
}

export function save(log: CallLog): SavedCall {
  const customer = log.direction === "INBOUND" ? log.from : log.to;
  const call = { ...log, id: `CALL-${1001 + saved.value.length}`, contact: findByNumber([customer]) };
  saved.value = [call, ...saved.value].slice(0, KEPT_MAX);
  localStorage.setItem(KEY, JSON.stringify(saved.value));
  return call;
}

/** The last ten digits: countries and trunk prefixes are before them. */
function national(number: string): string {
  return number.replace(/\D/g, "").slice(-10);
}

function kept(): readonly SavedCall[] {
  try {
    const found = parse(list(SAVED), localStorage.getItem(KEY) ?? "[]");
    const calls = found.ok ? found.value : [];
    return calls.map((call) => ({ contact: undefined, disposition: undefined, ...call }));
  } catch {
    // The browser keeps nothing.
    return [];
  }
}
