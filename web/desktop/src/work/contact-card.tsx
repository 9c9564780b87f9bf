import type { Contact, InteractionSummary, InteractionView } from "@cordboard/client";
import { formatDuration } from "@cordboard/desk-store";
import { type About, aboutOf, Choices, NumberLink, otherData, useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Button, Pairs } from "@cordboard/ui";
import { Past } from "./past.tsx";

/** Who it is, what came with the call, and what was before. */
export function ContactCard({ one }: { readonly one: InteractionView }) {
  const { contact } = t();
  const { open } = useDesk().view;
  const data = otherData(one);
  const resolve = () => {
    open.value = { kind: "resolve", interaction: one.id };
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

/** The contact, whom a colleague's call is about, those to choose from where several have the number, or that nobody has it. */
function Who({ one }: { readonly one: InteractionView }) {
  const { asking } = useDesk();
  const candidates = one.candidates ?? [];
  const about = aboutOf(one);
  if (one.contact) return <Known contact={one.contact} />;
  if (about) return <AboutLine about={about} />;
  if (candidates.length === 0) return <p class="empty">{t().contact.unknown}</p>;
  return (
    <>
      <p>{t().contact.several(candidates.length)}</p>
      <Choices
        contacts={candidates}
        onChoose={(contact) => asking.ask(one.id, { verb: "set-contact", contact })}
      />
    </>
  );
}

function AboutLine({ about: { name, number } }: { readonly about: About }) {
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

/** How long was talked. */
export function length({ interaction: { started_at, ended_at } }: InteractionSummary): string {
  return started_at != null && ended_at != null
    ? formatDuration(ended_at - started_at)
    : t().history.notAnswered;
}
