/** Components of an agent’s pages: calls, people and notes. They use the store of the surrounding `Desk`. */

export { startAlert } from "./call/alert.ts";
export { type ConsultCustomer, consultCustomer, otherData } from "./call/consult-data.ts";
export { Controls } from "./call/controls.tsx";
export { IncomingCalls } from "./call/incoming-call.tsx";
export { Keypad } from "./call/keypad.tsx";
export { KEYS, type Shortcut } from "./call/keys.ts";
export { NumberLink } from "./call/number.tsx";
export { Timer } from "./call/timer.tsx";
export { Desk, useDesk } from "./context.tsx";
export { ContactList, type ContactListProps } from "./people/contact-list.tsx";
export { People, useContacts } from "./people/people.tsx";
export { Digits, Picker } from "./people/picker.tsx";
export { PhoneAndQueues } from "./work/phone-and-queues.tsx";
export { SaveStatus } from "./work/save-status.tsx";
export { NoAgent, SignIn } from "./work/sign-in.tsx";
export { SignOutDialog, signOutAndClose } from "./work/sign-out.tsx";
export { reasonItems, StateMenu, stateItem } from "./work/state-menu.tsx";
export { switchesDown } from "./work/switches.ts";
