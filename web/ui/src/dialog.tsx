import { t } from "@cordboard/texts";
import * as dialog from "@zag-js/dialog";
import { normalizeProps, useMachine } from "@zag-js/preact";
import type { ComponentChildren } from "preact";
import { createPortal } from "preact/compat";
import { useId, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A modal dialog, open while it is rendered. It keeps the focus inside, and restores the focus when it closes. */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  // A field in the dialog takes the focus before the state machine starts.
  const [before] = useState(() => document.activeElement);
  const service = useMachine(dialog.machine, {
    id: useId(),
    open: true,
    initialFocusEl: () => document.querySelector<HTMLElement>(".dialog [data-focus]"),
    finalFocusEl: () => (before instanceof HTMLElement ? before : null),
    onOpenChange: ({ open }) => {
      if (!open) onClose();
    },
  });
  const api = dialog.connect(service, normalizeProps);
  return createPortal(
    <>
      <div {...api.getBackdropProps()} class="backdrop" />
      <div {...api.getPositionerProps()} class="positioner">
        <div {...api.getContentProps()} class={wide ? "dialog wide" : "dialog"}>
          <div class="dialog-head">
            <h2 {...api.getTitleProps()}>{title}</h2>
            <button {...api.getCloseTriggerProps()} class="button quiet bare" aria-label={t().settings.close}>
              <Icon name="cancel" />
            </button>
          </div>
          {children}
        </div>
      </div>
    </>,
    document.body,
  );
}
