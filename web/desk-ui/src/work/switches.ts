import type { DeskStore } from "@cordboard/desk-store";

/** The agent’s switch if it is down, so that the page can explain why calls do not work. */
export function switchesDown({ session: { agent, floor, state } }: DeskStore): readonly string[] {
  const own = floor.value?.agents?.find((plan) => plan.id === agent.value?.id)?.switch;
  return Object.values(state.value.switches)
    .filter((one) => !one.up && one.id === own)
    .map((one) => one.id);
}
