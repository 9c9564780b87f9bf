// Sign-in in frames: the connector in CRM pages, and the page in MAX.

import assert from "node:assert/strict";
import { Host } from "../../crm/support/host.js";
import { Desk } from "../../desktop/support/desk.js";
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
    await host.phone.text(`${NAME} has signed you in, but you may not use Cordboard.`).waitFor();
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

trial(
  "an agent signs in at the page in MAX",
  async (stage) => {
    // MAX is the desktop at the IP address. The page comes from the same server by host name, which is another site.
    const origin = `http://localhost:${stage.node.ports.http}`;
    await Provider.start(stage, origin);
    stage.origins.push(origin);
    await stage.node.floor((floor) => {
      floor.agents.find(({ id }) => id === "1001").switch = "far";
      floor.pages = [{ id: "cordboard", title: "Cordboard", url: `${origin}/max-desk`, place: "workspace" }];
    });
    const max = await stage.desk("1003");
    const frame = await max.workspace("Cordboard");
    const opened = max.page.waitForEvent("popup");
    await frame.getByRole("button", { name: SIGN_IN }).click();
    await signInAt(await opened, "1001");
    await frame.getByRole("status").getByText("Your calls in MAX are connected").waitFor();
    await frame.getByRole("button", { name: "Sign out" }).click();
    await frame.getByRole("button", { name: SIGN_IN }).waitFor();

    // The desktop has another address than the one that the provider knows.
    const desk = await Desk.open(stage.node, "1001", await stage.seat());
    await desk.button(SIGN_IN).click();
    await desk.page.getByText(`This sign-in works only at ${origin}.`).waitFor();
  },
  ({ http }) => ({
    ...atProvider()({ http }),
    CORDBOARD_OIDC__PUBLIC_URL: `http://localhost:${http}`,
    CORDBOARD_MAX__DESK__ID: "far",
    CORDBOARD_MAX__DESK__ORIGINS: `["http://127.0.0.1:${http}"]`,
  }),
);
