import type { DeskStore } from "@cordboard/desk-store";

/** Phone systems that cannot be reached: the agent should know why nothing works. */
export function switchesDown({ session: { agent, floor, state } }: DeskStore): readonly string[] {
  const own = floor.value?.agents?.find((plan) => plan.id === agent.value?.id)?.switch;
  return Object.values(state.value.switches)
    .filter((one) => !one.up && one.id === own)
    .map((one) => one.id);
}
