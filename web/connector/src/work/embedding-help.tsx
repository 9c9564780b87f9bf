import { c } from "../texts/index.ts";
import { floorLine } from "./floor-line.ts";

export interface EmbeddingHelpProps {
  /** The origin of the embedding page; empty if unknown. */
  readonly origin: string;
  readonly allowed: readonly string[];
}

/** What to add to the floor file so that the page may embed the connector. */
export function EmbeddingHelp({ origin, allowed }: EmbeddingHelpProps) {
  const { refused } = c();
  return (
    <section class="fix">
      <h2>{refused.title}</h2>
      {origin === "" ? <UnknownOrigin /> : <KnownOrigin origin={origin} allowed={allowed} />}
    </section>
  );
}

function UnknownOrigin() {
  const { refused } = c();
  return (
    <>
      <p>{refused.unknown}</p>
      <p>{refused.unknownHint}</p>
      <pre>/connector/?clientOrigin=https://crm.example</pre>
    </>
  );
}

function KnownOrigin({ origin, allowed }: EmbeddingHelpProps) {
  const { refused } = c();
  return (
    <>
      <p>{refused.origin(origin)}</p>
      <p>{allowed.length === 0 ? refused.none : `${refused.allowed} ${allowed.join(", ")}`}</p>
      <p>{refused.fix}</p>
      <pre>{floorLine([...allowed, origin])}</pre>
      <pre>cordboard apply floor.toml</pre>
    </>
  );
}
