/** A list of contacts to choose from. */

import type { Contact } from "@cordboard/client";
import { formatNumber } from "@cordboard/desk-store";
import { t } from "@cordboard/texts";
import { Avatar } from "@cordboard/ui";

export interface ContactListProps {
  readonly onChoose: (contact: Contact) => void;
}

export function ContactList({
  contacts,
  onChoose,
}: ContactListProps & { readonly contacts: readonly Contact[] }) {
  return (
    <ul class="plain-list choices">
      {contacts.map((contact) => (
        <li key={contact.id}>
          <button type="button" class="person" onClick={() => onChoose(contact)}>
            <Avatar name={contact.name} />
            <strong>
              <span class="unseen">{t().contact.choose} </span>
              {contact.name}
            </strong>
            <span class="number">{(contact.numbers ?? []).map(formatNumber).join(", ")}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
