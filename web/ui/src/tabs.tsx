import { normalizeProps, useMachine } from "@zag-js/preact";
import * as tabs from "@zag-js/tabs";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface Tab {
  readonly id: string;
  readonly title: string;
}

export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  /** The panel of a tab. It stays rendered, but hidden, while another tab is chosen. */
  readonly panel: (id: string) => ComponentChildren;
  readonly class?: string;
}

/** Tabs whose panels stay rendered, so that a page in a frame is not reloaded when the tab is chosen again. */
export function Tabs({ label, tabs: all, chosen, onChoose, panel, class: name = "" }: TabsProps) {
  const service = useMachine(tabs.machine, {
    id: useId(),
    value: chosen,
    onValueChange: ({ value }) => value !== null && onChoose(value),
    translations: { listLabel: label },
  });
  const api = tabs.connect(service, normalizeProps);
  return (
    <div {...api.getRootProps()} class={`tabs ${name}`}>
      <div {...api.getListProps()} class="tab-list">
        {all.map(({ id, title }) => (
          <button key={id} {...api.getTriggerProps({ value: id })} class="tab">
            {title}
          </button>
        ))}
      </div>
      {all.map(({ id }) => (
        <div key={id} {...api.getContentProps({ value: id })} class="tab-panel">
          {panel(id)}
        </div>
      ))}
    </div>
  );
}
