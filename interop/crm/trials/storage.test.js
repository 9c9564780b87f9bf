// CRM pages of another site than the connector: the browser blocks the storage of the frame.

import assert from "node:assert/strict";
import { PASSWORD } from "../../desktop/support/node.js";
import { trial } from "../../desktop/support/trial.js";
import { ALL, Host } from "../support/host.js";

/** Whether the frame may use the storage of its tab. */
const canStore = (host) =>
  host.phone.frame.locator("body").evaluate(() => {
    try {
      return sessionStorage.length >= 0;
    } catch {
      return false;
    }
  });

trial("a reload of the CRM page keeps the sign-in where the frame may not store anything", async (stage) => {
  const host = await Host.open(stage, { site: "name" });
  await host.phone.button("Sign in").waitFor();
  assert.equal(await canStore(host), false, "the browser blocks the storage of the frame");
  await host.phone.signIn();
  await host.page.reload();
  await host.phone.state("").waitFor();
  await host.phone.choose("Sign out and close");
  await host.phone.button("Sign in").waitFor();
  await host.page.reload();
  await host.phone.button("Sign in").waitFor();
  assert.deepEqual(await host.page.context().cookies(), [], "nothing is left of the sign-in");
});

trial("the CRM page hands over the sign-in", async (stage) => {
  const answer = await fetch(`${stage.node.url}/api/v1/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ account: "1001", password: PASSWORD }),
  });
  const { token } = await answer.json();
  const host = await Host.open(stage, { site: "name", answers: [...ALL, "requestSignIn"], token });
  await host.phone.state("").waitFor();
  await host.hears("requestCrmData");
});

trial("a sign-in that is not valid shows the form", async (stage) => {
  const host = await Host.open(stage, { answers: [...ALL, "requestSignIn"], token: "stolen" });
  await host.hears("requestSignIn");
  await host.phone.signIn();
});

trial("the self-test tests the frame of the CRM page", async (stage) => {
  const host = await Host.open(stage, { site: "name", path: "/connector/check" });
  const { frame } = host.phone;
  await frame.getByText("so a partitioned cookie keeps the sign-in").waitFor();
  await frame.getByText("The CRM page answers the softphone.").waitFor();
  const silent = await Host.open(stage, { answers: [], path: "/connector/check" });
  await silent.phone.frame.getByText("Agents stay signed in when the CRM page is reloaded.").waitFor();
  await silent.phone.frame.getByText("The CRM page did not answer").waitFor();
});
