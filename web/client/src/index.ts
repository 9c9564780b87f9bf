/** The client of Cordboard's API for pages in a browser. */

export { backoffMs } from "./backoff.ts";
export { activeLeg, fold, needsLog } from "./fold.ts";
export { createHttp, type Http, type HttpOptions, type Query } from "./http.ts";
export { createKept, type Kept } from "./kept.ts";
export { type FromServer, type Message, messageFrom } from "./message.ts";
export { type Problem, problemFrom, type Result, unreachable } from "./problem.ts";
export { Principal as PrincipalShape } from "./shapes.ts";
export { createSocket, type Socket, type SocketOptions, socketUrl } from "./socket.ts";
export { type Cursor, cursorOf, follows, NOTHING, type NoticeView, reduce, type State } from "./state.ts";
export { createStream, type Status, type Stream, type StreamOptions } from "./stream.ts";
export { createTabs, lead, type Tabs } from "./tabs.ts";
export type * from "./types.ts";
