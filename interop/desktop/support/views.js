// The main views of the desktop, with data in each.

export const SCRIPT = `# Greeting

Good day, this is **Example Ltd**. My name is Ann.

- Ask for the *account number*
- Offer the [returns page](https://example.com/returns)
`;

/** Sets up a floor with a script and a long wrap-up. */
export async function stock(stage) {
  await stage.node.floor((floor) => {
    floor.wrap_up_ms = 600_000;
    for (const queue of floor.queues) queue.wrap_up_ms = 600_000;
    floor.scripts = [{ name: "101", title: "Greeting", markdown: SCRIPT }];
  });
}

/** Functions that show each view. They must run in this order. */
export const VIEWS = {
  "no interactions": (_, desk) => desk.page.getByText("No interactions").waitFor(),
  "agent menu": async (_, desk) => {
    await desk.state("").click();
    await desk.page.getByRole("menu").waitFor();
  },
  ringing: async (stage, desk) => {
    await desk.page.keyboard.press("Escape");
    await stage.node.call("+14155550101", desk.agent);
    await desk.ring().waitFor();
  },
  talking: async (_, desk) => {
    await desk.answer();
    await desk.call("talking").waitFor();
  },
  "dial pad": async (_, desk) => {
    await desk.press("Consult");
    await desk.page.getByRole("dialog", { name: "Consult" }).waitFor();
  },
  "wrap-up": async (_, desk) => {
    await desk.page.keyboard.press("Escape");
    await desk.press("Hang up");
    await desk.page.getByLabel("Disposition").waitFor();
  },
  history: async (_, desk) => {
    await desk.button("Complete").click();
    await desk.page.getByText("No interactions").waitFor();
    await desk.tab("History").click();
    await desk.page.getByRole("region", { name: "History" }).waitFor();
  },
  settings: async (_, desk) => {
    await desk.button("Settings").click();
    await desk.page.getByRole("dialog", { name: "Settings" }).waitFor();
  },
  shortcuts: async (_, desk) => {
    await desk.page.keyboard.press("Escape");
    await desk.page.getByRole("dialog").waitFor({ state: "hidden" });
    await desk.page.keyboard.press("?");
    await desk.page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  },
};
