import { agent, status } from "../store/desk.ts";
import { t } from "../texts/index.ts";
import { switchesDown } from "./top-bar.tsx";

/** What is wrong at the moment with everything that is shown. */
export function Banner() {
  const { kind } = status.value;
  const lines =
    kind === "reconnecting" ? [t().status.reconnecting] : switchesDown().map(t().status.switchDown);
  return (
    <div class="banner" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {!agent.value && kind !== "reconnecting" && <p>{t().status.connecting}</p>}
    </div>
  );
}
