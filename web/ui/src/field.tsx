import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Called when the field loses the focus. */
  readonly onLeave?: () => void;
  readonly type?: "text" | "password" | "search" | "tel";
  readonly lines?: number;
  readonly hint?: string;
  readonly required?: boolean;
  readonly autocomplete?: "username" | "current-password" | "one-time-code" | "off";
  /** Takes the focus when it appears. */
  readonly focus?: boolean;
  readonly id?: string;
}

export function Field(props: FieldProps) {
  const made = useId();
  const { label, value, onInput, type = "text", lines, hint, focus = false, id = made } = props;
  const input = useRef<HTMLInputElement>(null);
  // A layout effect runs before the next key press, so that no typed text is lost.
  useLayoutEffect(() => {
    if (focus) input.current?.focus();
  }, [focus]);
  const common = {
    id,
    value,
    required: props.required ?? false,
    onBlur: props.onLeave,
    "aria-describedby": hint ? `${id}-hint` : undefined,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {lines === undefined ? (
        <input
          {...common}
          type={type as "text"}
          autocomplete={props.autocomplete ?? "off"}
          ref={input}
          data-focus={focus || undefined}
          spellcheck={false}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      ) : (
        <textarea {...common} rows={lines} onInput={({ currentTarget }) => onInput(currentTarget.value)} />
      )}
      {hint && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
    </div>
  );
}

export interface ChoiceProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly text: string }[];
  readonly onChoose: (value: V) => void;
}

export function Choice<V extends string>({ label, value, options, onChoose }: ChoiceProps<V>) {
  const id = useId();
  const choose = (text: string) => {
    const option = options.find(({ value }) => value === text);
    if (option) onChoose(option.value);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}

export interface PairsProps {
  readonly pairs: Iterable<readonly [string, ComponentChildren]>;
}

/** A list of names and values. */
export function Pairs({ pairs }: PairsProps) {
  return (
    <dl class="pairs">
      {[...pairs].map(([name, value], index) => (
        // A name may occur more than once.
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
