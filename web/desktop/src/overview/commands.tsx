import { t } from "@cordboard/texts";

/** Commands for the command line, with the URL of this node. */
export function CommandList({ admin }: { readonly admin: boolean }) {
  const { overview } = t();
  const commands = [
    ["status", overview.status],
    ["agents", overview.agentStates],
    ["history", overview.history],
    ["tail", overview.tail],
    ...(admin ? [["apply floor.toml", overview.apply]] : []),
  ];
  return (
    <section class="panel commands" aria-label={overview.commands}>
      <h3>{overview.commands}</h3>
      <p>{overview.commandsHint}</p>
      <dl>
        {commands.map(([command, meaning]) => (
          <div key={command}>
            <dt>{meaning}</dt>
            <dd>
              <code>{`cordboard ${command} --url ${location.origin}`}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
