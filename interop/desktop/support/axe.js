// What everybody can see and use, as axe finds it, in a page and the frames in it.

import { AxeBuilder } from "@axe-core/playwright";

export async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
  );
}
