// Accessibility and layout in light and dark, and in narrow and wide windows.

import assert from "node:assert/strict";
import { violations } from "../support/axe.js";
import { trial } from "../support/trial.js";
import { stock, VIEWS } from "../support/views.js";

for (const theme of ["light", "dark"]) {
  trial(`axe finds nothing in any view, ${theme}`, async (stage) => {
    await stock(stage);
    const desk = await stage.desk("1001", { theme });
    for (const [name, show] of Object.entries(VIEWS)) {
      await show(stage, desk);
      assert.deepEqual(await violations(desk.page), [], `${name}, ${theme}`);
    }
  });
}

trial("axe finds nothing in the sign-in page", async (stage) => {
  for (const theme of ["light", "dark"]) {
    const seat = await stage.seat({ theme });
    const page = await seat.tab();
    await page.goto(stage.node.url);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    assert.deepEqual(await violations(page), [], theme);
  }
});

for (const [width, height] of [
  [360, 740],
  [1280, 800],
  [3840, 2160],
]) {
  trial(`no view is wider than a window of ${width}`, async (stage) => {
    await stock(stage);
    const desk = await stage.desk("1001", { width, height });
    for (const [name, show] of Object.entries(VIEWS)) {
      await show(stage, desk);
      const wide = await desk.page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(wide <= width, `${name} is ${wide} wide in a window of ${width}`);
    }
  });
}

trial("the language can be changed", async (stage) => {
  const desk = await stage.desk("1001");
  await desk.button("Settings").click();
  await desk.page.getByLabel("Language").selectOption("Deutsch");
  await desk.page.getByText("Einstellungen").first().waitFor();
  await desk.page.locator("html[lang=de]").waitFor();
});
