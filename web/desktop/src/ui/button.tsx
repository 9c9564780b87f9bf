import type { ComponentChildren } from "preact";
import { settings } from "../store/settings.ts";
import { t } from "../texts/index.ts";
import { Icon, type IconName } from "./icon.tsx";

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
  return (
    <button
      type={type}
      class={`button ${kind}${children === undefined ? " bare" : ""}`}
      aria-label={label}
      title={label}
      aria-pressed={props.pressed}
      aria-busy={asked || undefined}
      aria-disabled={asked || props.disabled || undefined}
      aria-keyshortcuts={settings.value.shortcuts ? props.shortcut : undefined}
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
