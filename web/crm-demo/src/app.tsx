/** A simple CRM for the demo: a list of contacts, a contact page and the saved calls. */

import { signal } from "@preact/signals";
import { type Contact, contact, contacts, emailOf, type SavedCall, saved, shown } from "./records.ts";
import { call, clickToDial, unknownNumber } from "./softphone.ts";

const search = signal("");

export function App() {
  const atCalls = shown.value === "#/calls";
  return (
    <>
      <header>
        <strong class="brand">
          <img src={new URL("icon.svg", import.meta.url).href} alt="" />
          Rolodex
        </strong>
        <nav aria-label="Sections">
          <a href="#/" aria-current={atCalls ? undefined : "page"}>
            Contacts
          </a>
          <a href="#/calls" aria-current={atCalls ? "page" : undefined}>
            Calls
          </a>
        </nav>
        <p class={clickToDial.value ? "click-to-dial on" : "click-to-dial"} role="status">
          {clickToDial.value ? "Click a number to call it" : "Sign in to the softphone to call"}
        </p>
      </header>
      <main>{atCalls ? <AllCalls /> : contact.value ? <Card one={contact.value} /> : <List />}</main>
    </>
  );
}

function List() {
  const wanted = search.value.trim().toLowerCase();
  const found = contacts.value.filter((one) =>
    words(one).some((word) => word.toLowerCase().includes(wanted)),
  );
  return (
    <section aria-label="Contacts">
      <div class="heading">
        <h1>Contacts</h1>
        <input
          type="search"
          aria-label="Search contacts"
          placeholder="Name, number or account"
          value={search.value}
          onInput={({ currentTarget }) => {
            search.value = currentTarget.value;
          }}
        />
      </div>
      {unknownNumber.value && <p class="unknown-number">No contact has the number {unknownNumber.value}.</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Phone</th>
            <th scope="col">Email</th>
            <th scope="col">Account</th>
          </tr>
        </thead>
        <tbody>
          {found.map((one) => (
            <tr key={one.id}>
              <td>
                <a href={`#/contacts/${one.id}`}>{one.name}</a>
              </td>
              <td>
                <Numbers one={one} />
              </td>
              <td>{emailOf(one.name)}</td>
              <td>{one.data?.["AccountCode"]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length === 0 && <p class="empty">No contacts found.</p>}
    </section>
  );
}

function words({ name, numbers, data = {} }: Contact): readonly string[] {
  return [name, ...numbers, ...Object.values(data)];
}

function Numbers({ one }: { readonly one: Contact }) {
  return (
    <>
      {one.numbers.map((number) =>
        clickToDial.value ? (
          <button
            key={number}
            type="button"
            class="number"
            onClick={() => call(one, number)}
            aria-label={`Call ${formatNumber(number)}`}
          >
            {formatNumber(number)}
          </button>
        ) : (
          <span key={number} class="number">
            {formatNumber(number)}
          </span>
        ),
      )}
    </>
  );
}

function Card({ one }: { readonly one: Contact }) {
  const calls = saved.value.filter((saved) => saved.contact?.id === one.id);
  return (
    <section class="record" aria-label="Contact">
      <p>
        <a href="#/">← Contacts</a>
      </p>
      <h1>{one.name}</h1>
      <dl>
        <dt>Phone</dt>
        <dd>
          <Numbers one={one} />
        </dd>
        <dt>Email</dt>
        <dd>{emailOf(one.name)}</dd>
        <dt>Record</dt>
        <dd>{one.id}</dd>
        {Object.entries(one.data ?? {}).flatMap(([name, value]) => [
          <dt key={name}>{name}</dt>,
          <dd key={`${name}=`}>{value}</dd>,
        ])}
      </dl>
      <Calls calls={calls} />
    </section>
  );
}

function AllCalls() {
  return (
    <>
      <h1>Calls</h1>
      <Calls calls={saved.value} />
    </>
  );
}

function Calls({ calls }: { readonly calls: readonly SavedCall[] }) {
  return (
    <section aria-label="Saved calls">
      <h2>Saved calls</h2>
      {calls.length === 0 && <p class="empty">No saved calls.</p>}
      {calls.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Contact</th>
              <th scope="col">Duration</th>
              <th scope="col">Subject</th>
              <th scope="col">Notes</th>
            </tr>
          </thead>
          <tbody>
            {calls.map((call) => (
              <tr key={call.id}>
                <td>{new Date(call.startedAt).toLocaleString()}</td>
                <td>
                  <span aria-hidden="true">{call.direction === "INBOUND" ? "↙" : "↗"} </span>
                  {call.contact ? (
                    <a href={`#/contacts/${call.contact.id}`}>{call.contact.name}</a>
                  ) : (
                    formatNumber(call.direction === "INBOUND" ? call.from : call.to)
                  )}
                </td>
                <td>{Math.round((call.endedAt - call.startedAt) / 1000)} s</td>
                <td>{call.subject}</td>
                <td>
                  {[
                    call.comments,
                    ...Object.entries(call.fields).map(([name, value]) => `${name}: ${value}`),
                  ].join(" ")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function formatNumber(number: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : number;
}
