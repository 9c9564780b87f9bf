import * as menu from "@zag-js/menu";
import { normalizeProps, useMachine } from "@zag-js/preact";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface MenuItem {
  readonly id: string;
  readonly text: string;
  /** The CSS class of a colored dot beside the text. */
  readonly dot?: string;
  /** Starts another group. */
  readonly apart?: boolean;
  readonly onChoose: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ComponentChildren;
}

export function Menu({ label, items, children }: MenuProps) {
  const service = useMachine(menu.machine, {
    id: useId(),
    "aria-label": label,
    positioning: { placement: "bottom-start", gutter: 4 },
    onSelect: ({ value }) => items.find((item) => item.id === value)?.onChoose(),
  });
  const api = menu.connect(service, normalizeProps);
  return (
    <>
      <button {...api.getTriggerProps()} class="button state-button">
        {children}
      </button>
      {api.open && (
        <div {...api.getPositionerProps()} class="menu-place">
          <ul {...api.getContentProps()} class="menu" aria-label={label}>
            {items.map((item) => (
              <li
                key={item.id}
                {...api.getItemProps({ value: item.id })}
                class={item.apart ? "menu-item apart" : "menu-item"}
              >
                <span class={`dot ${item.dot ?? "none"}`} aria-hidden="true" />
                {item.text}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
