import { normalizeProps, useMachine } from "@zag-js/preact";
import * as toggle from "@zag-js/switch";
import { useId } from "preact/hooks";

export interface ToggleProps {
  readonly label: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}

export function Toggle({ label, on, disabled = false, onChange }: ToggleProps) {
  const service = useMachine(toggle.machine, {
    id: useId(),
    checked: on,
    disabled,
    onCheckedChange: ({ checked }) => onChange(checked),
  });
  const api = toggle.connect(service, normalizeProps);
  return (
    <label {...api.getRootProps()} class="toggle">
      <span {...api.getLabelProps()}>{label}</span>
      <input {...(api.getHiddenInputProps() as object)} type="checkbox" role="switch" aria-checked={on} />
      <span {...api.getControlProps()} class="track">
        <span {...api.getThumbProps()} class="thumb" />
      </span>
    </label>
  );
}
