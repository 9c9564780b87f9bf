import type { QueueView } from "@cordboard/client";
import { Timer, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { useEffect, useState } from "preact/hooks";

/** How often the queues are loaded. Milliseconds. */
const REFRESH_MS = 3_000;

/** All queues with their waiting calls. The event stream of this page has no queues, so the page loads them at an interval. */
export function QueueTable() {
  const queues = useQueues();
  const { overview } = t();
  const columns = [
    overview.name,
    overview.id,
    overview.waiting,
    overview.longest,
    overview.ready,
    overview.signedIn,
  ];
  return (
    <section class="panel" aria-label={overview.queues}>
      <h3>{overview.queues}</h3>
      {queues?.length === 0 && <p class="empty">{overview.noQueues}</p>}
      {queues !== undefined && queues.length > 0 && (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                {columns.map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {queues.map(({ id, name, waiting, ready, signed_in }) => (
                <tr key={id}>
                  <td>{name}</td>
                  <td>{id}</td>
                  <td>{waiting.length}</td>
                  <td>
                    {waiting.length > 0 && <Timer since={Math.min(...waiting.map(({ since }) => since))} />}
                  </td>
                  <td>{ready}</td>
                  <td>{signed_in}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The queues; undefined until they are loaded. */
function useQueues(): readonly QueueView[] | undefined {
  const { http, unwrap } = useDesk().session;
  const [queues, setQueues] = useState<readonly QueueView[]>();
  useEffect(() => {
    const refresh = async () => {
      const found = await unwrap(http.get("/api/v1/queues"));
      if (found) setQueues(found.items);
    };
    void refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, [http, unwrap]);
  return queues;
}
