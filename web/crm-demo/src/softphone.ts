/** The connector in the CRM page. This is all the code that a CRM needs to embed it. */

import { type Connector, embed } from "@cordboard/crm-kit";
import { signal } from "@preact/signals";
import { type Contact, contacts, emailOf, findByNumber, open, record, save } from "./records.ts";

/** Whether click-to-dial is enabled. */
export const clickToDial = signal(false);
/** The number of the last caller, if no contact has it. */
export const unknownNumber = signal<string | undefined>(undefined);

const SETTINGS = {
  ReqGeneralInfo: { reqDisplayName: "Rolodex", reqSoftphoneWidth: "320", reqSoftphoneHeight: "640" },
  LogOptions: {
    callLogEnabled: "Y",
    transactionLogCustomField1: "case_id",
    transactionLogCustomField2: "mood",
  },
  SoftphoneOptions: { clickToDial: "Y", clickToConsultEnabled: "Y", reportsEnabled: "Y" },
  CallScreenPopOptions: { screenPopOnAni: "Y", suppressScreenPop: "N" },
  ReasonCodesEnabled: { auxReasonEnabled: "Y", dispositionCodesEnabled: "Y" },
};

/** Custom fields of this CRM. The keys are the field names in lower case. */
const FIELDS = {
  case_id: { key: "Case_ID", label: "Case" },
  mood: { key: "Mood", label: "Mood", choices: ["Happy", "Neutral", "Upset"] },
};

let connector: Connector | undefined;

export function begin(url: string, into: HTMLElement): void {
  connector = embed({
    url,
    into,
    name: "Rolodex",
    user: { id: 1, name: "Demo user", username: "demo@rolodex.example", locale: navigator.language },
    settings: SETTINGS,
    onClickToDial: (enabled) => {
      clickToDial.value = enabled;
    },
    onScreenPop: ({ numbers }) => pop(numbers),
    onOpenRecord: open,
    onLog: (log) => {
      const { id, contact, subject, comments, fields } = save(log);
      return { id, parameters: { contact: contact?.name ?? log.from, subject, comments, ...fields } };
    },
    onDirectory: () => contacts.value.map(person),
    onCustomFields: ({ voice }) => ({
      voice: voice.flatMap((name) => FIELDS[name.toLowerCase() as keyof typeof FIELDS] ?? []),
    }),
    onReports: () => {
      location.hash = "#/calls";
    },
  });
}

export function call(contact: Contact, number: string): void {
  connector?.call(record(contact, number));
}

function pop(numbers: readonly string[]): void {
  const found = findByNumber(numbers);
  unknownNumber.value = found ? undefined : numbers[0];
  if (found) open(found.id);
  else
    connector?.notify({
      type: "transient",
      severity: "WARNING",
      title: "Rolodex",
      text: numbers[0] === undefined ? "The number is withheld." : `No contact has the number ${numbers[0]}.`,
    });
}

function person({ id, name, numbers }: Contact) {
  return { id, name, phone: numbers[0] ?? null, email: emailOf(name) };
}
