/** The data of the CRM: contacts and saved calls. This module does not use Cordboard. */

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

/** A saved call. */
export interface SavedCall extends CallLog {
  readonly id: string;
  /** The contact with the customer’s number, if there is one. */
  readonly contact: Contact | undefined;
}

/** The key in the browser’s storage. Saved calls survive a reload of the page. */
const KEY = "rolodex.calls";

export const contacts = signal<readonly Contact[]>([]);
export const saved = signal<readonly SavedCall[]>(storedCalls());

/** The fragment of the address: a contact, or the list of calls. */
export const shown = signal(location.hash);

export const contact = computed(() => {
  const id = /^#\/contacts\/(.+)$/.exec(shown.value)?.[1];
  return contacts.value.find((one) => one.id === id);
});

/** How many calls are kept. */
const KEPT_MAX = 200;

export function followAddress(): void {
  addEventListener("hashchange", () => {
    shown.value = location.hash;
  });
}

export function open(id: string): void {
  location.hash = `#/contacts/${id}`;
}

/** The contact with one of the numbers. Formatting is ignored. */
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

/** The last ten digits, without country code and trunk prefix. */
function national(number: string): string {
  return number.replace(/\D/g, "").slice(-10);
}

function storedCalls(): readonly SavedCall[] {
  try {
    const found = parse(list(SAVED), localStorage.getItem(KEY) ?? "[]");
    const calls = found.ok ? found.value : [];
    return calls.map((call) => ({
      contact: undefined,
      disposition: undefined,
      answered: true,
      ...call,
    }));
  } catch {
    // The browser blocks storage.
    return [];
  }
}
