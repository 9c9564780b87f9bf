// A phone in a separate process, which keeps running when a hub is killed: a Harmony client with one extension.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { PROGRAM } from "./node.js";

/**
 * Connects agent 1101's phone to the node's bridge. Returns a function that simulates an incoming call. It waits until the phone knows
 * that the agent is ready: the node reports the state earlier, and a call before the sign-in does not ring.
 */
export async function harmonyPhone(stage) {
  const flags = [
    "--end",
    "telephony",
    "--to",
    `127.0.0.1:${stage.node.ports.harmony}`,
    "--extension",
    "1101",
    "--agent",
    "7101",
  ];
  const peer = spawn(PROGRAM, ["peer", "harmony", ...flags], { stdio: ["pipe", "pipe", "ignore"] });
  stage.later(async () => {
    peer.kill();
    await once(peer, "exit");
  });
  const said = createInterface({ input: peer.stdout });
  const ready = new Promise((resolve) => {
    said.on("line", (line) => line.includes("channel.ready") && resolve());
  });
  await once(said, "line");
  return async (from) => {
    await ready;
    peer.stdin.write(`direct ${from}\n`);
  };
}
