/** People to call: colleagues with their states, queues, and contacts. */

import type { Colleague, Contact } from "@cordboard/client";
import { formatNumber } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Avatar, Icon } from "@cordboard/ui";
import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../context.tsx";

export interface PeopleProps {
  /** The search text. */
  readonly search: string;
  /** Called with the chosen number. */
  readonly onChoose: (number: string) => void;
  readonly disabled?: boolean;
}

/** The order of colleagues: those who are available come first. */
const STATES = ["ready", "not-ready", "wrap-up", "busy", "signed-out"];

/** How many entries of each group are shown. */
const SHOWN_MAX = 50;

/** The delay between the last key and the search for contacts. Milliseconds. */
const SEARCH_AFTER_MS = 150;

export function People({ search, onChoose, disabled = false }: PeopleProps) {
  const { agent, floor } = useDesk().session;
  const colleagues = useColleagues()
    .filter((one) => matches(search, one.name, one.device) && one.id !== agent.value?.id)
    .sort((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state));
  const queues = (floor.value?.queues ?? []).filter((queue) => matches(search, queue.name, queue.id));
  const contacts = useContacts(search);
  const { people } = t();
  const none = colleagues.length + queues.length + contacts.length === 0;
  return (
    <div class="people" inert={disabled}>
      {none && <p class="empty">{people.none}</p>}
      <Group title={people.agents}>
        {colleagues.slice(0, SHOWN_MAX).map(({ id, name, device, state }) => (
          <Entry key={id} name={name} number={device ?? id} state={state} onChoose={onChoose} />
        ))}
      </Group>
      <Group title={people.queues}>
        {queues.map(({ id, name }) => (
          <Entry key={id} name={name} number={id} onChoose={onChoose} queue />
        ))}
      </Group>
      <Group title={people.contacts}>
        {contacts.flatMap(({ id, name, numbers = [] }) =>
          numbers.map((number) => (
            <Entry key={`${id} ${number}`} name={name} number={number} onChoose={onChoose} />
          )),
        )}
      </Group>
    </div>
  );
}

function Group({
  title,
  children,
}: {
  readonly title: string;
  readonly children: readonly preact.JSX.Element[];
}) {
  if (children.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul class="plain-list">{children}</ul>
    </section>
  );
}

interface EntryProps {
  readonly name: string;
  readonly number: string;
  readonly state?: string;
  readonly queue?: boolean;
  readonly onChoose: (number: string) => void;
}

function Entry({ name, number, state, queue = false, onChoose }: EntryProps) {
  const word = state && state in t().agent ? t().agent[state as "ready"] : undefined;
  return (
    <li>
      <button type="button" class="person" onClick={() => onChoose(number)}>
        {queue ? <Icon name="queue" /> : <Avatar name={name} />}
        <strong>{name}</strong>
        <span class="number">{formatNumber(number)}</span>
        {word && (
          <span class="chip">
            <span class={`dot ${state}`} aria-hidden="true" />
            {word}
          </span>
        )}
      </button>
    </li>
  );
}

/** How often the list of colleagues is refreshed. Milliseconds. */
const REFRESH_MS = 5_000;

function useColleagues(): readonly Colleague[] {
  const { http, unwrap } = useDesk().session;
  const [colleagues, setColleagues] = useState<readonly Colleague[]>([]);
  useEffect(() => {
    const refresh = async () => {
      const found = await unwrap(http.get("/api/v1/directory"));
      if (found) setColleagues(found.items);
    };
    void refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, [http, unwrap]);
  return colleagues;
}

export function useContacts(search: string): readonly Contact[] {
  const { http, unwrap } = useDesk().session;
  const [contacts, setContacts] = useState<readonly Contact[]>([]);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      const query = { search: search.trim() || undefined, limit: SHOWN_MAX };
      const found = await unwrap(http.get("/api/v1/contacts", query));
      if (found && current) setContacts(found.items);
    }, SEARCH_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [http, unwrap, search]);
  return contacts;
}

function matches(search: string, name: string, number: string | null | undefined): boolean {
  const wanted = search.trim().toLowerCase();
  return name.toLowerCase().includes(wanted) || (number ?? "").includes(wanted);
}
