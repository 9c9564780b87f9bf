import { t } from "@cordboard/texts";
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";
import { keyName } from "./key-name.ts";

/** Whether keyboard shortcuts are on, so that buttons show theirs. */
export const ShortcutsContext = createContext(true);

export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly icon?: IconName;
  readonly kind?: "plain" | "main" | "good" | "bad" | "quiet";
  /** Whether the command is pending. Pressing the button again does nothing. */
  readonly pending?: boolean;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly type?: "button" | "submit";
  /** The accessible name of a button with only an icon, and its tooltip. */
  readonly label?: string;
  /** The keyboard shortcut, in the syntax of `aria-keyshortcuts`. */
  readonly shortcut?: string | undefined;
  readonly onPress?: () => void;
}

export function Button(props: ButtonProps) {
  const { children, icon, kind = "plain", pending = false, type = "button", label, onPress } = props;
  const shortcut = useContext(ShortcutsContext) ? props.shortcut : undefined;
  return (
    <button
      type={type}
      class={`button ${kind}${children === undefined ? " bare" : ""}`}
      aria-label={label}
      title={tooltip(label, shortcut)}
      aria-pressed={props.pressed}
      aria-busy={pending || undefined}
      aria-disabled={pending || props.disabled || undefined}
      aria-keyshortcuts={shortcut}
      onClick={() => {
        if (!pending && !props.disabled) onPress?.();
      }}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
      {pending && <span class="pending">{t().work.pending}</span>}
    </button>
  );
}

/** The label of a button with only an icon, and the keyboard shortcut. */
function tooltip(label: string | undefined, shortcut: string | undefined): string | undefined {
  if (shortcut === undefined) return label;
  const key = t().help.key(keyName(shortcut));
  return label === undefined ? key : `${label} (${key})`;
}
