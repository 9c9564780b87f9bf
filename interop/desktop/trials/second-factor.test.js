// The sign-in of an account with a second factor.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { violations } from "../support/axe.js";
import { Desk } from "../support/desk.js";
import { PASSWORD } from "../support/node.js";
import { trial } from "../support/trial.js";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an authenticator app shows for a secret (RFC 6238). */
function codeOf(secret) {
  const bits = [...secret.replace(/=+$/, "")].map((one) => BASE32.indexOf(one).toString(2).padStart(5, "0"));
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const key = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const value = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(value % 1_000_000).padStart(6, "0");
}

trial("an administrator with a second factor signs in with a code", async (stage) => {
  const path = "/second-factors/admin";
  const { secret } = await stage.node.ask("POST", path, { password: PASSWORD }, "admin");
  const used = codeOf(secret);
  const confirmed = await stage.node.ask("POST", `${path}/confirm`, { code: used }, "admin");
  const desk = await Desk.open(stage.node, "admin", await stage.seat());
  const { page } = desk;
  const code = page.getByLabel("Code", { exact: true });
  await page.getByLabel("Account", { exact: true }).fill("admin");
  await page.getByLabel("Password").fill(PASSWORD);
  assert.equal(await code.count(), 0, "nobody needs a code before the password");
  await desk.button("Sign in").click();
  await code.waitFor();
  assert.ok(
    await code.evaluate((field) => field === document.activeElement),
    "the code can be typed immediately",
  );
  assert.deepEqual(await violations(page), []);
  await code.fill(used);
  await page.keyboard.press("Enter");
  await page.getByText("The code is wrong or was used already").waitFor();
  await code.fill(confirmed.recovery_codes[0]);
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Account", exact: true }).getByText("Administrator").waitFor();
});
