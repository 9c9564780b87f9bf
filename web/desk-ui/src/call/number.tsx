import { formatNumber } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { useDesk } from "../context.tsx";

/** A number that is called when it is pressed, while the agent may call. */
export function NumberLink({ number }: { readonly number: string }) {
  const { asking } = useDesk();
  if (!asking.may("dial")) return <span class="number">{formatNumber(number)}</span>;
  const call = () => void asking.ask("agent", { verb: "dial", to: number });
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
