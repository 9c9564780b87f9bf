// One agent uses the desktop and the connector at the same time.

import assert from "node:assert/strict";
import { countSounds } from "../../desktop/support/sounds.js";
import { trial } from "../../desktop/support/trial.js";
import { Crm } from "../support/crm.js";

const CALLER = "+14155550102";

trial("desktop and connector show the same state, and one plays the ringtone", async (stage) => {
  const desk = await stage.desk("1001");
  const { seat } = desk;
  await seat.context.addInitScript(countSounds);
  await desk.page.reload();
  await desk.state("").waitFor();
  const crm = await Crm.open(stage, "1001", { seat });
  // Desktop and frame have the same site, so the frame gets the account from the desktop's tab.
  await crm.phone.state("Not ready").waitFor();
  await crm.phone.ready();
  await desk.state("Ready").waitFor();

  await stage.node.call(CALLER);
  await desk.ring().waitFor();
  await crm.phone.button("Answer").waitFor();
  const sounds = await stage.until("the ringtone plays", async () => {
    const inFrame = crm.phone.frame.locator("body").evaluate(() => window.sounds);
    const heard = await Promise.all([desk.page.evaluate(() => window.sounds), inFrame]);
    return heard.some((count) => count > 0) && heard;
  });
  assert.equal(sounds.filter((count) => count > 0).length, 1, `sounds: ${sounds}`);

  await crm.phone.button("Answer").click();
  await desk.control("Hold").waitFor();
  await desk.ring().waitFor({ state: "hidden" });
  await desk.press("Hold");
  await crm.phone.text("on hold").waitFor();
  await crm.phone.button("Resume").click();
  await desk.control("Hold").waitFor();
  await crm.phone.button("Hang up").click();
  await desk.state("Ready").waitFor();
  await crm.phone.state("Ready").waitFor();
});
