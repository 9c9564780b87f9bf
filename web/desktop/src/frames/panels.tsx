/** The panels beside an interaction: CRM record, script and configured pages. */

import type { Floor, InteractionView, Page, Pop } from "@cordboard/client";
import { useDesk } from "@cordboard/desk-ui";
import { t } from "@cordboard/texts";
import { Pairs, Tabs } from "@cordboard/ui";
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Known } from "../work/contact-card.tsx";
import { PageFrame, RecordFrame, recordUrl } from "./frame.tsx";
import { pageOf } from "./record-page.ts";
import { ScriptView } from "./script.tsx";

interface Panel {
  readonly id: string;
  readonly title: string;
  readonly view: ComponentChildren;
}

/** The chosen panel, by interaction ID. */
const chosen = signal<Readonly<Record<string, string>>>({});

/** The panels of all interactions. Those of other interactions stay loaded but hidden. */
export function Panels() {
  const { session, view } = useDesk();
  const { floor, interactions } = session;
  const { shown } = view;
  const all = interactions.value.map((one) => ({ one, panels: panelsOf(one, floor.value) }));
  return (
    <div
      class="panels"
      hidden={(all.find(({ one }) => one.id === shown.value?.id)?.panels ?? []).length === 0}
    >
      {all.map(({ one, panels }) => (
        <div key={one.id} class="panels-of" hidden={one.id !== shown.value?.id}>
          {panels.length > 0 && <OnePanels one={one} panels={panels} />}
        </div>
      ))}
    </div>
  );
}

function OnePanels({ one, panels }: { readonly one: InteractionView; readonly panels: readonly Panel[] }) {
  const current = panels.find(({ id }) => id === chosen.value[one.id]) ?? panels[0];
  return (
    <Tabs
      label={t().panels.label}
      tabs={panels}
      chosen={current?.id ?? ""}
      onChoose={(id) => {
        chosen.value = { ...chosen.value, [one.id]: id };
      }}
      panel={(id) => panels.find((panel) => panel.id === id)?.view}
    />
  );
}

function panelsOf(one: InteractionView, floor: Floor | undefined): readonly Panel[] {
  const pop = one.pops?.at(-1);
  const pages = (floor?.pages ?? []).filter(
    (page) => page.place === "contact-panel" && matchesQueue(page, one),
  );
  return [
    ...(pop ? recordPanels(one, pop, floor) : []),
    ...pages.map((page) => ({
      id: page.id,
      title: page.title,
      view: <PageFrame page={page} about={one} />,
    })),
  ];
}

/** Whether the page is configured for the interaction's queue. */
function matchesQueue(page: Page, one: InteractionView): boolean {
  const queues = page.queues ?? [];
  return queues.length === 0 || (one.queue != null && queues.includes(one.queue));
}

function recordPanels(one: InteractionView, pop: Pop, floor: Floor | undefined): readonly Panel[] {
  const panels: Panel[] = [];
  if (pop.script)
    panels.push({ id: "script", title: t().panels.script, view: <ScriptView name={pop.script} /> });
  const title = pageOf(floor, pop.record?.type)?.title;
  panels.push({ id: "record", title: title ?? t().panels.record, view: <RecordView one={one} pop={pop} /> });
  return panels;
}

/** The record: its configured CRM page, or else the contact from the directory. */
function RecordView({ one, pop }: { readonly one: InteractionView; readonly pop: Pop }) {
  const { record } = pop;
  const { floor } = useDesk().session;
  const template = pageOf(floor.value, record?.type);
  const data = Object.entries(pop.data ?? {});
  return (
    <div class="record">
      {record && template && <RecordFrame template={template} {...record} />}
      {record && !template && !one.contact && (
        <p class="empty">{t().panels.noRecord(record.type, record.id)}</p>
      )}
      {!template && one.contact && <Known contact={one.contact} />}
      {record && template && (
        <a href={recordUrl(template.url, record.type, record.id)} target="_blank" rel="noopener noreferrer">
          {t().panels.open}
        </a>
      )}
      {data.length > 0 && (
        <section aria-label={t().panels.data}>
          <h3>{t().panels.data}</h3>
          <Pairs pairs={data} />
        </section>
      )}
    </div>
  );
}
