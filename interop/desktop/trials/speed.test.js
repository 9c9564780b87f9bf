// Measures the size of the first load, the time to interactive, the delay of a ringing call, and scrolling.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Desk } from "../support/desk.js";
import { trial } from "../support/trial.js";

/** The largest allowed first load, compressed. Bytes. */
const FIRST_LOAD_BYTES_MAX = 300_000;

const CALLS = 50;
const RINGS = 20;

/** The time after the first click until deferred work is done. Milliseconds. */
const SETTLED_MS = 1_500;

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
const worst = (values) => Math.max(...values);

trial("the first load is small", async (stage) => {
  const seat = await stage.seat();
  const page = await seat.tab();
  const sizes = [];
  page.on("requestfinished", (request) => sizes.push(request.sizes()));
  await page.goto(stage.node.url);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.waitForLoadState("networkidle");
  const bytes = (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
  console.log(`first load: ${(bytes / 1000).toFixed(1)} KB compressed in ${sizes.length} requests`);
  assert.ok(bytes > 0 && bytes <= FIRST_LOAD_BYTES_MAX, `${bytes} bytes, at most ${FIRST_LOAD_BYTES_MAX}`);

  const soon = [];
  for (let visit = 0; visit < 5; visit += 1) {
    const fresh = await stage.seat();
    const first = await fresh.tab();
    await first.goto(stage.node.url);
    await first.getByRole("button", { name: "Sign in" }).waitFor();
    soon.push(await first.evaluate(() => performance.now()));
  }
  console.log(`interactive: ${median(soon).toFixed(0)} ms median of ${soon.length} first visits`);
});

trial("a ringing call is shown right after the hub’s event", async (stage) => {
  const desk = await stage.desk("1001");
  await desk.ready();
  await desk.page.evaluate(watchRings);
  // The ringtone is created shortly after the first click.
  await sleep(SETTLED_MS);
  const rings = [];
  for (let ring = 0; ring < RINGS; ring += 1) {
    const call = await stage.node.call(`+141555501${String(ring).padStart(2, "0")}`);
    await desk.ring().waitFor();
    rings.push(
      await stage.until("the call is shown and heard", () => desk.page.evaluate(() => window.rings.pop())),
    );
    await stage.node.hangUp(call);
    await desk.ring().waitFor({ state: "hidden" });
  }
  for (const what of ["picture", "sound"]) {
    const times = rings.map((ring) => ring[what]);
    const [first] = times;
    console.log(
      `ring to ${what}: ${median(times).toFixed(1)} ms median, ${worst(times).toFixed(1)} worst, ${first.toFixed(1)} the first of ${RINGS}`,
    );
  }
});

trial("fifty interactions scroll smoothly", async (stage) => {
  const seat = await stage.seat();
  const desk = await Desk.open(stage.node, "1001", seat);
  await desk.signIn();
  for (let pop = 0; pop < CALLS; pop += 1) {
    const verb = {
      verb: "notify",
      pop: { ani: `+141555502${String(pop).padStart(2, "0")}`, resolve: [], data: {} },
    };
    await stage.node.ask("POST", "/agents/1001/commands", verb);
  }
  await stage.until("all are there", async () => (await desk.items().count()) === CALLS);
  const frames = await desk.page.evaluate(scrollThrough);
  const late = frames.filter((frame) => frame > 34).length;
  console.log(
    `scrolling ${CALLS} interactions: ${median(frames).toFixed(1)} ms a frame median, ${worst(frames).toFixed(1)} worst, ${late} of ${frames.length} over 34`,
  );
  assert.ok(frames.length > 30, "the list was scrolled");
});

// Runs in the page. Measures the time from each ringing event to the frame that shows it, and to the sound. Milliseconds.
function watchRings() {
  window.rings = [];
  let heard;
  let ring = {};
  const note = (what) => {
    if (heard === undefined || what in ring) return;
    ring[what] = performance.now() - heard;
    if ("picture" in ring && "sound" in ring) window.rings.push(ring);
  };
  const parse = JSON.parse;
  JSON.parse = (text, ...rest) => {
    if (typeof text === "string" && text.includes('"interaction-opened"')) {
      heard = performance.now();
      ring = {};
    }
    return parse(text, ...rest);
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    note("sound");
    return start.apply(this, when);
  };
  new MutationObserver(() => {
    if (document.querySelector("section.ring")) requestAnimationFrame(() => setTimeout(note, 0, "picture"));
  }).observe(document.body, { childList: true, subtree: true });
}

// Runs in the page. Measures the duration of each frame while the list scrolls to the end and back.
async function scrollThrough() {
  const all = [...document.querySelectorAll("*")];
  const list = all.filter(
    (one) => one.scrollHeight > one.clientHeight + 50 && getComputedStyle(one).overflowY !== "visible",
  );
  const scroller =
    list.sort((one, other) => other.scrollHeight - one.scrollHeight)[0] ?? document.scrollingElement;
  const frames = [];
  let before = await new Promise(requestAnimationFrame);
  for (let step = 0; step < 120; step += 1) {
    scroller.scrollTop += step < 60 ? 40 : -40;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - before);
    before = now;
  }
  return frames;
}
