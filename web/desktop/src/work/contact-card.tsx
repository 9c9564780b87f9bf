import type { Contact, InteractionSummary, InteractionView } from "@cordboard/client";
import { formatDuration } from "@cordboard/desk-store";
import {
  type ConsultCustomer,
  ContactList,
  consultCustomer,
  NumberLink,
  otherData,
  useDesk,
} from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Pairs } from "@cordboard/ui";
import { Past } from "./past.tsx";

/** The contact, the call data and past interactions. */
export function ContactCard({ one }: { readonly one: InteractionView }) {
  const { contact } = t();
  const { dialog } = useDesk().view;
  const data = otherData(one);
  const resolve = () => {
    dialog.value = { kind: "resolve", interaction: one.id };
  };
  return (
    <>
      <section class="panel" aria-label={contact.card}>
        <header>
          <h3>{contact.card}</h3>
          <Button kind="quiet" icon="person" onPress={resolve}>
            {one.contact ? contact.change : contact.resolve}
          </Button>
        </header>
        <Who one={one} />
      </section>
      <section class="panel" aria-label={contact.data}>
        <h3>{contact.data}</h3>
        {data.length > 0 ? <Pairs pairs={data} /> : <p class="empty">{contact.noData}</p>}
      </section>
      <Past one={one} />
    </>
  );
}

/** The contact; or the customer of a colleague's consult; or the matching contacts to choose from; or a text that there is none. */
function Who({ one }: { readonly one: InteractionView }) {
  const { commands } = useDesk();
  const candidates = one.candidates ?? [];
  const about = consultCustomer(one);
  if (one.contact) return <Known contact={one.contact} />;
  if (about) return <AboutLine about={about} />;
  if (candidates.length === 0) return <p class="empty">{t().contact.unknown}</p>;
  return (
    <>
      <p>{t().contact.several(candidates.length)}</p>
      <ContactList
        contacts={candidates}
        onChoose={(contact) => commands.send(one.id, { verb: "set-contact", contact })}
      />
    </>
  );
}

function AboutLine({ about: { name, number } }: { readonly about: ConsultCustomer }) {
  return (
    <p class="known">
      {t().contact.about} <strong>{name}</strong> {number !== undefined && <NumberLink number={number} />}
    </p>
  );
}

export function Known({ contact }: { readonly contact: Contact }) {
  const numbers = (contact.numbers ?? []).map((number) => <NumberLink key={number} number={number} />);
  return (
    <>
      <p class="known">
        <strong>{contact.name}</strong>
      </p>
      <Pairs
        pairs={[
          ...(numbers.length > 0 ? [[t().contact.numbers, numbers] as const] : []),
          ...Object.entries(contact.data ?? {}),
        ]}
      />
    </>
  );
}

/** The talk time. */
export function length({ interaction: { started_at, ended_at } }: InteractionSummary): string {
  return started_at != null && ended_at != null
    ? formatDuration(ended_at - started_at)
    : t().history.notAnswered;
}
