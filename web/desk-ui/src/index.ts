/** What the pages of an agent draw: calls, people and notes of the store that `Desk` gives. */

export { type About, aboutOf, otherData } from "./call/about.ts";
export { startAlert } from "./call/alert.ts";
export { Controls } from "./call/controls.tsx";
export { KEYS, type Shortcut } from "./call/keys.ts";
export { NumberLink } from "./call/number.tsx";
export { Pad } from "./call/pad.tsx";
export { Rings } from "./call/ring.tsx";
export { Timer } from "./call/timer.tsx";
export { Desk, useDesk } from "./context.tsx";
export { Choices, type Chooses } from "./people/choices.tsx";
export { People, useContacts } from "./people/people.tsx";
export { Digits, Picker } from "./people/picker.tsx";
export { Leave, leave } from "./work/leave.tsx";
export { Saved } from "./work/saved.tsx";
export { NoAgent, SignIn } from "./work/sign-in.tsx";
export { reasonItems, StateMenu, stateItem } from "./work/state-menu.tsx";
export { switchesDown } from "./work/switches.ts";
