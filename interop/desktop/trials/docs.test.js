// The documentation at /docs/: every page opens, fits a narrow and a wide window, and everybody can use it.

import assert from "node:assert/strict";
import { violations } from "../support/axe.js";
import { trial } from "../support/trial.js";

/** Pages with everything that a page can have: tables, code, pictures. Long pages take axe a minute and show nothing more. */
const SAMPLES = ["index.html", "desktop.html", "metrics.html"];

/** The addresses of all pages of the site, as the contents list them. */
async function addresses(page, url) {
  await page.goto(`${url}/docs/`);
  return page.locator("#contents a").evaluateAll((links) => links.map(({ href }) => href));
}

for (const width of [390, 1280]) {
  trial(`every page of the documentation opens and fits a window of ${width}`, async (stage) => {
    const seat = await stage.seat({ width, height: 800 });
    const page = await seat.tab();
    const pages = await addresses(page, stage.node.url);
    assert.ok(pages.length > 20, `only ${pages.length} pages`);
    for (const address of pages) {
      const response = await page.goto(address);
      assert.equal(response.status(), 200, address);
      const { wide, broken } = await page.evaluate(async () => {
        const pictures = [...document.images];
        for (const picture of pictures) picture.loading = "eager";
        const shown = await Promise.allSettled(pictures.map((picture) => picture.decode()));
        return {
          wide: document.scrollingElement.scrollWidth,
          broken: pictures.filter((_, index) => shown[index].status === "rejected").map(({ src }) => src),
        };
      });
      assert.ok(wide <= width, `${address} is ${wide} wide`);
      assert.deepEqual(broken, [], `pictures of ${address}`);
    }
  });
}

for (const theme of ["light", "dark"]) {
  trial(`axe finds nothing in the documentation, ${theme}`, async (stage) => {
    const seat = await stage.seat({ theme });
    const page = await seat.tab();
    for (const sample of SAMPLES) {
      await page.goto(`${stage.node.url}/docs/${sample}`);
      assert.deepEqual(await violations(page), [], `${sample}, ${theme}`);
    }
  });
}
