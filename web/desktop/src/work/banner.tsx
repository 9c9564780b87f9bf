import { switchesDown, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";

/** Warnings about the connection to the server and the switch. */
export function Banner() {
  const desk = useDesk();
  const { account, agent, status } = desk.session;
  const { kind } = status.value;
  const lines =
    kind === "reconnecting" ? [t().status.reconnecting] : switchesDown(desk).map(t().status.switchDown);
  const hasAgent = account.value?.principal.agent != null;
  const isConnecting = kind === "connecting" || (kind === "live" && hasAgent && !agent.value);
  return (
    <div class="banner" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {isConnecting && <p>{t().status.connecting}</p>}
    </div>
  );
}
