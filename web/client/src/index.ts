/** The client of Cordboard's API for pages in a browser. */

export { backoffMs } from "./backoff.ts";
export { activeLeg, needsLog } from "./fold.ts";
export { createHttp, type Http } from "./http.ts";
export type { Message } from "./message.ts";
export type { Problem, Result } from "./problem.ts";
export {
  leaveForProvider,
  type ProviderFailure,
  type ProviderResult,
  type Returned,
  resumeSignIn,
  returnedFrom,
  returnFromProvider,
  signInInPopup,
} from "./provider.ts";
export { Principal as PrincipalShape } from "./shapes.ts";
export { createSocket, socketUrl } from "./socket.ts";
export { cursorOf, EMPTY_STATE, follows, type NoticeView, reduce, type State } from "./state.ts";
export { createStoredValue, type TextStorage } from "./stored.ts";
export { createStream, type Status, type Stream } from "./stream.ts";
export { createTabs, electLeader, type Tabs } from "./tabs.ts";
export type {
  Accepted,
  AgentView,
  Colleague,
  Contact,
  Conversation,
  Data,
  Event,
  Floor,
  Interaction,
  InteractionSummary,
  InteractionView,
  Leg,
  NextState,
  Notice,
  Page,
  Party,
  Pop,
  Principal,
  QueueView,
  RecordPage,
  SearchTerm,
  Snapshot,
  Verb,
  VerbName,
} from "./types.ts";
