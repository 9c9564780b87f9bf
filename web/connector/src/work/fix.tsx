import { c } from "../texts/index.ts";
import { floorLine } from "./floor-line.ts";

export interface FixProps {
  /** Empty where nobody says which page is around. */
  readonly origin: string;
  readonly allowed: readonly string[];
}

/** What to put into the floor file so that a page may host the connector. */
export function Fix({ origin, allowed }: FixProps) {
  const { refused } = c();
  return (
    <section class="fix">
      <h2>{refused.title}</h2>
      {origin === "" ? <Unknown /> : <Named origin={origin} allowed={allowed} />}
    </section>
  );
}

function Unknown() {
  const { refused } = c();
  return (
    <>
      <p>{refused.unknown}</p>
      <p>{refused.unknownHint}</p>
      <pre>/connector/?clientOrigin=https://crm.example</pre>
    </>
  );
}

function Named({ origin, allowed }: FixProps) {
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
