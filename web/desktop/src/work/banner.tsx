import { switchesDown, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";

/** What is wrong at the moment with everything that is shown. */
export function Banner() {
  const desk = useDesk();
  const { agent, status } = desk.session;
  const { kind } = status.value;
  const lines =
    kind === "reconnecting" ? [t().status.reconnecting] : switchesDown(desk).map(t().status.switchDown);
  return (
    <div class="banner" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {!agent.value && kind !== "reconnecting" && <p>{t().status.connecting}</p>}
    </div>
  );
}
