// Follows the events of a Cordboard node. After a lost connection it connects again and misses nothing.
//
// Runs in Node 22 or newer without dependencies; Node 20 needs `node --experimental-websocket`. In a browser, keep the cursor in
// `localStorage` instead of a file, and ask the user for account and password.
//
//   CORDBOARD_URL=http://127.0.0.1:8080 ACCOUNT=integration PASSWORD=demo node client.mjs cursor.json

import { readFileSync, renameSync, writeFileSync } from "node:fs";

const url = process.env.CORDBOARD_URL ?? "http://127.0.0.1:8080";
const account = process.env.ACCOUNT ?? "integration";
const password = process.env.PASSWORD ?? "demo";
const file = process.argv[2] ?? "cursor.json";

/** The longest pause before the next attempt. Milliseconds. */
const PAUSE_MAX_MS = 10_000;

// What your program does with events. Write the result and the cursor together, in one transaction, where you can.

/** The state is new: the first start, or the server cannot continue after the cursor. Replace everything that you have. */
function replaceState(snapshot, resync, reason) {
  console.log(JSON.stringify({ snapshot: snapshot.seq, agents: snapshot.agents.length, resync, reason }));
}

/** The next event. Called once for each event. */
function applyEvent({ seq, event }) {
  console.log(JSON.stringify({ seq, type: event.type }));
}

// The cursor: the journal, and the last event that was applied. It survives a restart of this program.

function readCursor() {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function writeCursor(next) {
  writeFileSync(`${file}.part`, JSON.stringify(next));
  renameSync(`${file}.part`, file);
  cursor = next;
}

let cursor = readCursor();
let token;

/** Signs in. A token is valid for twelve hours and survives a restart of the server. */
async function signIn() {
  const response = await fetch(`${url}/api/v1/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ account, password }),
  });
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
  return (await response.json()).token;
}

/** Connects once. Resolves when the connection has ended; `true` if it delivered anything. */
async function follow() {
  token ??= await signIn();
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/v1/events`);
  let delivered = false;
  return new Promise((resolve) => {
    socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", token, ...cursorFields() }));
    socket.onmessage = ({ data }) => {
      try {
        receive(JSON.parse(data));
        delivered = true;
      } catch (error) {
        console.error(error.message);
        socket.close();
      }
    };
    socket.onclose = () => resolve(delivered);
    // A connection that could not be made does not always report its close.
    socket.onerror = () => resolve(delivered);
  });
}

function cursorFields() {
  return cursor === undefined ? {} : { journal: cursor.journal, after: cursor.seq };
}

function receive(message) {
  switch (message.type) {
    case "snapshot":
      replaceState(message.snapshot, message.resync, message.reason);
      return writeCursor({ journal: message.journal, seq: message.seq });
    case "resumed":
      return; // The events that were missed follow.
    case "event":
      // `prev` is the event that was delivered before this one. Another number is a gap: connect again.
      if (message.prev !== cursor.seq) throw new Error(`event ${message.seq} follows ${message.prev}, not ${cursor.seq}`);
      applyEvent(message);
      return writeCursor({ journal: cursor.journal, seq: message.seq });
    case "error":
      if (message.code === "unauthenticated") token = undefined; // Sign in again.
      throw new Error(`${message.code}: ${message.detail ?? message.title}`);
    // A type that this client does not recognize: a later version of the server can have more.
    default:
  }
}

for (let failures = 0; ; ) {
  let delivered = false;
  try {
    delivered = await follow();
  } catch (error) {
    console.error(error.message);
  }
  failures = delivered ? 0 : failures + 1;
  // Half a second, then twice as long each time. The random part keeps many clients from coming back together.
  const pause = Math.min(500 * 2 ** failures, PAUSE_MAX_MS) * (0.5 + Math.random() / 2);
  await new Promise((resolve) => setTimeout(resolve, pause));
}
