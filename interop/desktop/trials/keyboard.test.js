// A call from sign-in to completion without a mouse.

import { Desk } from "../support/desk.js";
import { PASSWORD } from "../support/node.js";
import { trial } from "../support/trial.js";

trial("a call is handled with the keyboard only", async (stage) => {
  await stage.node.floor((floor) => {
    for (const queue of floor.queues) queue.wrap_up_ms = 60_000;
  });
  const seat = await stage.seat();
  const desk = await Desk.open(stage.node, "1001", seat);
  const { keyboard } = desk.page;
  await desk.button("Sign in").waitFor();
  await keyboard.type("1001");
  await keyboard.press("Tab");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  await desk.state("Not ready").waitFor();

  // The key works once its verb is allowed, which arrives right after the state.
  while (!(await desk.state("Ready").isVisible())) {
    await keyboard.press("r");
    await desk.page.waitForTimeout(200);
  }
  await stage.node.call("+14155550100");
  await desk.ring().waitFor();
  await keyboard.press("a");
  await desk.call("talking").waitFor();
  // A shortcut works once its button is shown: allowed verbs arrive right after the event.
  const press = async (key, control) => {
    await desk.control(control).waitFor();
    await keyboard.press(key);
  };
  await press("h", "Hold");
  await desk.call("on hold").waitFor();
  await press("h", "Resume");
  await desk.call("talking").waitFor();
  await press("m", "Mute");
  await desk.control("Unmute").waitFor();
  await keyboard.press("m");
  await desk.control("Mute").waitFor();

  const bob = await stage.desk("1002");
  await press("c", "Consult");
  await desk.page.getByRole("dialog", { name: "Consult" }).waitFor();
  await keyboard.type("1002");
  await keyboard.press("Enter");
  await bob.answer();
  await desk.leg("Consult", "talking").waitFor();
  await press("s", "Swap");
  await desk.leg("Customer", "talking").waitFor();

  await press("f", "Complete transfer");
  await desk.state("Wrap-up").waitFor();
  await keyboard.press("w");
  await keyboard.type("Done by hand.");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await desk.page.getByText("Waiting for a call").waitFor();
  await keyboard.press("?");
  await desk.page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await keyboard.press("Escape");
  await desk.page.getByRole("dialog").waitFor({ state: "hidden" });
});
