import { t } from "@cordboard/texts";
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";
import { keyName } from "./key-name.ts";

/** Whether single keys are shortcuts, and buttons name theirs. */
export const ShortcutsContext = createContext(true);

export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly icon?: IconName;
  readonly kind?: "plain" | "main" | "good" | "bad" | "quiet";
  /** Shown as waiting for the server; pressing it again does nothing. */
  readonly asked?: boolean;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly type?: "button" | "submit";
  /** Its name where it shows a picture alone, and its tooltip. */
  readonly label?: string;
  /** The key that does the same. */
  readonly shortcut?: string | undefined;
  readonly onPress?: () => void;
}

export function Button(props: ButtonProps) {
  const { children, icon, kind = "plain", asked = false, type = "button", label, onPress } = props;
  const shortcut = useContext(ShortcutsContext) ? props.shortcut : undefined;
  return (
    <button
      type={type}
      class={`button ${kind}${children === undefined ? " bare" : ""}`}
      aria-label={label}
      title={tooltip(label, shortcut)}
      aria-pressed={props.pressed}
      aria-busy={asked || undefined}
      aria-disabled={asked || props.disabled || undefined}
      aria-keyshortcuts={shortcut}
      onClick={() => {
        if (!asked && !props.disabled) onPress?.();
      }}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
      {asked && <span class="asked">{t().work.asked}</span>}
    </button>
  );
}

/** Its name where that is not on it, and the key that does the same. */
function tooltip(label: string | undefined, shortcut: string | undefined): string | undefined {
  if (shortcut === undefined) return label;
  const key = t().help.key(keyName(shortcut));
  return label === undefined ? key : `${label} (${key})`;
}
