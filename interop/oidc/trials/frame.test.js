// Sign-in in frames: the connector in CRM pages, and the page in MAX.

import assert from "node:assert/strict";
import { Host } from "../../crm/support/host.js";
import { trial } from "../../desktop/support/trial.js";
import { atProvider, ISSUER, NAME, Provider, SIGN_IN, signInAt } from "../support/provider.js";

/** The popup that a press of the button opens. */
async function popupOf(host) {
  const opened = host.page.waitForEvent("popup");
  await host.phone.button(SIGN_IN).click();
  return opened;
}

/** Whether the frame may use the storage of its tab. */
const canStore = (host) =>
  host.phone.frame.locator("body").evaluate(() => {
    try {
      return sessionStorage.length >= 0;
    } catch {
      return false;
    }
  });

for (const [site, storage] of [
  ["name", false],
  ["address", true],
]) {
  trial(
    `an agent signs in in a CRM frame ${storage ? "of the same site" : "whose storage is blocked"}, and takes a call`,
    async (stage) => {
      await Provider.start(stage);
      const host = await Host.open(stage, { site });
      await host.phone.button(SIGN_IN).waitFor();
      assert.equal(await canStore(host), storage);
      const popup = await popupOf(host);
      const closed = popup.waitForEvent("close");
      await signInAt(popup, "1001");
      await host.phone.state("").waitFor();
      await closed;
      await host.phone.signInAgent();
      await host.phone.ready();
      await stage.node.call("+14155550100");
      await host.phone.button("Answer").click();
      await host.phone.button("Hang up").waitFor();

      await host.page.reload();
      await host.phone.button("Hang up").waitFor();
      await host.phone.button("Hang up").click();
      await host.phone.choose("Sign out and close");
      await host.phone.button(SIGN_IN).waitFor();
      const told = JSON.stringify(await host.heard());
      assert.ok(!/ticket|code=/.test(told), "the CRM page gets nothing of the sign-in");
    },
    atProvider(),
  );
}

trial(
  "a person without a group is refused in the frame",
  async (stage) => {
    await Provider.start(stage);
    const host = await Host.open(stage, { site: "name" });
    const popup = await popupOf(host);
    await signInAt(popup, "visitor");
    await host.phone.text(`${NAME} knows you, but you may not use Cordboard.`).waitFor();
  },
  atProvider(),
);

trial(
  "a popup that is closed too early is told to the agent",
  async (stage) => {
    await Provider.start(stage);
    const host = await Host.open(stage, { site: "name" });
    const popup = await popupOf(host);
    await popup.waitForURL((url) => url.origin === ISSUER);
    await popup.close();
    await host.phone.text("The window for the sign-in was closed").waitFor();
    const again = await popupOf(host);
    await signInAt(again, "1001");
    await host.phone.state("").waitFor();
  },
  atProvider(),
);

trial(
  "a page that opens the provider with a stolen address gets no answer",
  async (stage) => {
    await Provider.start(stage);
    const begun = await fetch(`${stage.node.url}/api/v1/sign-in/oidc`, { method: "POST" });
    const { url } = await begun.json();
    // The CRM page stands for any page of another origin: it opens the provider and waits for messages.
    const host = await Host.open(stage, { site: "name" });
    const opened = host.page.waitForEvent("popup");
    await host.page.evaluate((address) => {
      window.stolen = [];
      window.addEventListener("message", ({ data }) => window.stolen.push(JSON.stringify(data)));
      window.open(address, "_blank", "popup");
    }, url);
    const popup = await opened;
    await signInAt(popup, "1001");
    await popup.getByText("You can close this window.").waitFor();
    const stolen = await host.page.evaluate(() => window.stolen);
    assert.deepEqual(
      stolen.filter((message) => message.includes("cordboard-sign-in")),
      [],
    );
  },
  atProvider(),
);
