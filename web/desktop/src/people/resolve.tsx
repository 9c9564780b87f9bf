/** The dialog that sets the contact of an interaction: a matching record, a contact of the directory, or a new contact. */

import type { Contact, InteractionView, SearchTerm } from "@cordboard/client";
import { numberOf } from "@cordboard/desk-store";
import { ContactList, type ContactListProps, useContacts, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Dialog, Field, Pairs } from "@cordboard/ui";
import { useState } from "preact/hooks";

export function Resolve({ interaction }: { readonly interaction: string }) {
  const { commands, session, view } = useDesk();
  const one = session.interactions.value.find(({ id }) => id === interaction);
  if (!one) return null;
  const clues = (one.pops ?? []).flatMap((pop) => pop.resolve ?? []);
  const records = (one.pops ?? []).flatMap((pop) => pop.candidates ?? []);
  const candidates = [...(one.candidates ?? []), ...records.map(contactFrom)];
  const choose = async (contact: Contact) => {
    if (await commands.send(one.id, { verb: "set-contact", contact })) view.close();
  };
  return (
    <Dialog title={t().contact.resolveTitle} onClose={view.close} wide>
      <div class="resolve">
        {clues.length > 0 && (
          <section class="panel" aria-label={t().contact.known}>
            <h3>{t().contact.known}</h3>
            <Pairs pairs={clues.map(({ key, value }) => [key, value] as const)} />
          </section>
        )}
        {candidates.length > 0 && <Candidates candidates={candidates} onChoose={choose} />}
        <Find one={one} clues={clues} onChoose={choose} />
        <Create one={one} clues={clues} onChoose={choose} />
      </div>
    </Dialog>
  );
}

function Candidates({
  candidates,
  onChoose,
}: ContactListProps & { readonly candidates: readonly Contact[] }) {
  return (
    <section class="panel" aria-label={t().contact.candidates}>
      <h3>{t().contact.candidates}</h3>
      <ContactList contacts={candidates} onChoose={onChoose} />
    </section>
  );
}

interface ResolveProps extends ContactListProps {
  readonly one: InteractionView;
  readonly clues: readonly SearchTerm[];
}

function Find({ one, clues, onChoose }: ResolveProps) {
  const [search, setSearch] = useState(clues[0]?.value ?? numberOf(one.customer) ?? "");
  const contacts = useContacts(search);
  return (
    <section class="panel" aria-label={t().contact.found}>
      <Field label={t().contact.find} value={search} onInput={setSearch} type="search" focus />
      {contacts.length === 0 && <p class="empty">{t().people.none}</p>}
      <ContactList contacts={contacts} onChoose={onChoose} />
    </section>
  );
}

/** Adds a contact to the directory and sets it for the interaction. */
function Create({ one, clues, onChoose }: ResolveProps) {
  const { contact: texts } = t();
  const { session, messages } = useDesk();
  const clue = (pattern: RegExp) => clues.find(({ key }) => pattern.test(key))?.value;
  const [name, setName] = useState(clue(/name/i) ?? "");
  const [number, setNumber] = useState(clue(/phone|number|ani/i) ?? numberOf(one.customer) ?? "");

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    const numbers = number.trim() === "" ? [] : [number.trim()];
    const added = await session.http.post("/api/v1/contacts", { name: name.trim(), numbers, data: {} });
    if (added.ok) onChoose(added.value);
    else messages.showProblem(added.problem);
  }

  return (
    <section class="panel" aria-label={texts.create}>
      <h3>{texts.create}</h3>
      <form onSubmit={submit}>
        <Field label={texts.name} value={name} onInput={setName} required />
        <Field label={texts.number} value={number} onInput={setNumber} type="tel" />
        <Button type="submit" disabled={name.trim() === ""}>
          {texts.createSubmit}
        </Button>
      </form>
    </section>
  );
}

/** Converts a candidate record, which has the sender's field names, to a contact. */
function contactFrom(candidate: Readonly<Record<string, string>>, index: number): Contact {
  const named = (pattern: RegExp) => Object.entries(candidate).find(([key]) => pattern.test(key))?.[1];
  const name = named(/name/i) ?? Object.values(candidate).join(" ");
  const number = named(/phone|number/i);
  const id = named(/id$/i) ?? `candidate-${index + 1}`;
  return { id: id.slice(0, 64), name, numbers: number ? [number] : [], data: candidate };
}
