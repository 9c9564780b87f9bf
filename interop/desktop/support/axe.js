// Accessibility violations that axe finds in a page and its frames.

import { AxeBuilder } from "@axe-core/playwright";

export async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
  );
}
