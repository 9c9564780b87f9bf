// A page that posts thousands of messages a second does not disturb the agent or other pages.

import assert from "node:assert/strict";
import { trial } from "../../desktop/support/trial.js";
import { desktopWithPages, talk } from "../support/floor.js";
import { isCall, MaxPage } from "../support/page.js";

const PER_SECOND = 10_000;
const SECONDS = 5;

/** How long the desktop may take for a message of another page, or for a click, during the flood. Milliseconds. */
const ANSWER_MS_MAX = 2_000;

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

trial("a page that floods the desktop is told, and nobody else is disturbed", async (stage) => {
  const { desk, origins, bare, seat } = await desktopWithPages(stage, "1001");
  await stage.node.floor((floor) => {
    const page = { id: "flood", title: "Flood", place: "workspace" };
    floor.pages.push({ ...page, url: `${origins.address}/flood.html?flood` });
  });
  await bare.registered(["all"]);
  const { contact } = await talk(stage, "1001");
  await bare.event("active", isCall("Active", contact));
  const flood = await MaxPage.find(desk.page, "?flood");
  await flood.frame.evaluate(([rate, seconds]) => window.flood(rate, seconds), [PER_SECOND, SECONDS]);

  const answered = await timed(async () => {
    await bare.say("HoldEvent");
    await bare.event("held", isCall("Holding", contact));
  });
  assert.ok(answered < ANSWER_MS_MAX, `another page waited ${answered} ms`);
  const drawn = await timed(() =>
    desk.page.evaluate(() => new Promise((done) => requestAnimationFrame(done))),
  );
  assert.ok(drawn < ANSWER_MS_MAX, `the desktop was not drawn for ${drawn} ms`);

  const told = await stage.until("the page is told", async () => {
    const heard = await flood.frame.evaluate(() => window.heard.map(({ data }) => data));
    return heard.find((data) => data?.messageType === "TooManyMessages");
  });
  assert.equal(told.issuer, "Cordboard");
  assert.ok(seat.lines.some((line) => line.startsWith("warning:") && line.includes("page flood at")));
});
