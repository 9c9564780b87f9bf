/** The state of an agent’s page: account, live state, notes, pending commands and view. */

export type { Account } from "./account.ts";
export type { Draft } from "./drafts.ts";
export { problemText } from "./messages.ts";
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
export { noticeText } from "./notice-texts.ts";
export type { SaveState } from "./saver.ts";
export type { Session } from "./session.ts";
export { createSettings, type Settings } from "./settings.ts";
export { createDeskStore, type DeskOptions, type DeskStore } from "./store.ts";
export type { OpenDialog } from "./view.ts";
