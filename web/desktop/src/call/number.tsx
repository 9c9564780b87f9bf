import type { AgentView } from "@cordboard/client";
import { ask } from "../store/asking.ts";
import { agent } from "../store/desk.ts";
import { t } from "../texts/index.ts";
import { shown } from "./words.ts";

/** Whether the agent may ask this now. */
export function may(verb: AgentView["can"][number]): boolean {
  return agent.value?.can.includes(verb) ?? false;
}

/** A number that is called when it is pressed, while the agent may call. */
export function NumberLink({ number }: { readonly number: string }) {
  if (!may("dial")) return <span class="number">{shown(number)}</span>;
  const call = () => void ask("agent", { verb: "dial", to: number });
  return (
    <button type="button" class="number link" aria-label={t().controls.call(shown(number))} onClick={call}>
      {shown(number)}
    </button>
  );
}
