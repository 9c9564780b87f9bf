/** What the page of an agent knows: who is signed in, the state of things, what is typed, asked and shown. */

export type { Account } from "./account.ts";
export type { Draft } from "./drafts.ts";
export {
  formatDuration,
  formatNumber,
  formatTime,
  legState,
  type Names,
  numberOf,
  parseNumber,
} from "./names.ts";
export { notSaved } from "./notes.ts";
export type { Standing } from "./saver.ts";
export { createSettings, type Settings } from "./settings.ts";
export { createDeskStore, type DeskOptions, type DeskStore } from "./store.ts";
export type { Open } from "./view.ts";
