// An agent handles a call at the desktop in a browser: hold, consult, swap, transfer.
//
// Usage: node desktop.js URL AGENT COLLEAGUE
// Prints "ready" when the agent is ready for the call. Exits with 0 when the call is transferred to the colleague.

import { closeBrowser, Seat } from "../desktop/support/browser.js";
import { Desk } from "../desktop/support/desk.js";

const [url, agent, colleague] = process.argv.slice(2);
const seat = await Seat.take();
try {
  const desk = await Desk.open({ url }, agent, seat);
  await desk.signIn();
  await desk.ready();
  console.log("ready");
  await desk.call("talking").waitFor();
  await desk.press("Hold");
  await desk.call("on hold").waitFor();
  await desk.press("Resume");
  await desk.call("talking").waitFor();
  await desk.reach("Consult", colleague);
  await desk.leg("Consult", "talking").waitFor();
  await desk.leg("Customer", "on hold").waitFor();
  await desk.press("Swap");
  await desk.leg("Customer", "talking").waitFor();
  await desk.leg("Consult", "on hold").waitFor();
  await desk.press("Complete transfer");
  await desk.state("Ready").waitFor();
  if (seat.wrong.length) throw new Error(seat.wrong.join("\n"));
} catch (error) {
  console.error(await seat.keep("asterisk"), error);
  process.exitCode = 1;
}
await closeBrowser();
