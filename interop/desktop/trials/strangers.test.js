// Requests that a page of another origin can make a browser send.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { trial } from "../support/trial.js";

const LINE = "telesetNumber=1001&agentID=7001";

/** Serves a page at another origin. */
async function pageWith(stage, html) {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stage.later(() => server.close());
  const { port } = server.address();
  stage.origins.push(`http://localhost:${port}`, `http://127.0.0.1:${port}`);
  return port;
}

trial("a page of another origin cannot dial with an image request", async (stage) => {
  const uwq = `http://127.0.0.1:${stage.node.ports.uwq}`;
  stage.origins.push(uwq);
  const ask = async (name, more = "") => {
    const response = await fetch(`${uwq}/?FunctionName=${name}&${LINE}${more}`);
    assert.equal(await response.text(), "", name);
  };
  await ask("Register", "&ipAddress=127.0.0.1&port=8888");
  await ask("Login", "&agentPassword=demo&agentQueue=7700");

  const dial = `${uwq}/?FunctionName=MakeCall&${LINE}&dialString=14155550100`;
  const port = await pageWith(
    stage,
    `<img src="${dial}" onerror="document.title='refused'" onload="document.title='loaded'" referrerpolicy="no-referrer">`,
  );
  const seat = await stage.seat();
  for (const host of ["localhost", "127.0.0.1"]) {
    const page = await seat.tab();
    await page.goto(`http://${host}:${port}/`);
    await stage.until("the image request is refused", async () => (await page.title()) === "refused");
  }
  assert.deepEqual(await stage.node.works("1001"), []);
  assert.ok(
    stage.node.log.some((line) => line.includes("request of a web page refused")),
    "the refusal is logged",
  );

  // The same request from a softphone's client dials.
  await ask("MakeCall", "&dialString=14155550100");
  await stage.until("the call is there", async () => (await stage.node.works("1001")).length === 1);
});
