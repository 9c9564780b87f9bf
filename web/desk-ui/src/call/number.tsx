import { formatNumber } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { useDesk } from "../context.tsx";

/** A number. Pressing it calls it, if the agent can dial now. */
export function NumberLink({ number }: { readonly number: string }) {
  const { commands } = useDesk();
  if (!commands.isAllowed("dial")) return <span class="number">{formatNumber(number)}</span>;
  const call = () => void commands.send("agent", { verb: "dial", to: number });
  return (
    <button
      type="button"
      class="number link"
      aria-label={t().controls.call(formatNumber(number))}
      onClick={call}
    >
      {formatNumber(number)}
    </button>
  );
}
