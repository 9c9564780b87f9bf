import type { Form, Shape } from "./shape.ts";

/** A value that matches the shape, or where and why it does not. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: string };

/** Checks a value. Does not throw. The fault contains the path, the expected shape and the value that was found. */
export function read<T>(shape: Shape<T>, value: unknown): Read<T> {
  const fault = faultIn(shape, value, "");
  return fault === undefined ? { ok: true, value: value as T } : { ok: false, fault };
}

/** Parses JSON and checks the value. */
export function parse<T>(shape: Shape<T>, text: string): Read<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, fault: `expected JSON, found ${JSON.stringify(text.slice(0, FOUND_LENGTH_MAX))}` };
  }
  return read(shape, value);
}

type Fields = Readonly<Record<string, unknown>>;
type ObjectForm = Extract<Form, { readonly kind: "object" | "record" | "tagged" }>;

/** The length of a value in a fault message. Characters. */
const FOUND_LENGTH_MAX = 40;

function faultIn(form: Form, value: unknown, path: string): string | undefined {
  switch (form.kind) {
    case "anything":
      return undefined;
    case "nothing":
      return value === undefined ? undefined : unexpected("nothing", value, path);
    case "string":
    case "number":
    case "boolean":
      return typeof value === form.kind ? undefined : unexpected(`a ${form.kind}`, value, path);
    case "values": {
      const known = typeof value === "string" && form.values.includes(value);
      return known ? undefined : unexpected(`one of ${form.values.join(", ")}`, value, path);
    }
    case "nullable":
      return value === null ? undefined : faultIn(form.of, value, path);
    case "list":
      if (!Array.isArray(value)) return unexpected("a list", value, path);
      return first(value.entries(), ([index, one]) => faultIn(form.of, one, `${path}[${index}]`));
    case "tuple":
      if (!Array.isArray(value) || value.length !== form.forms.length) {
        return unexpected(`${form.forms.length} members`, value, path);
      }
      return first(form.forms.entries(), ([index, one]) => faultIn(one, value[index], `${path}[${index}]`));
    case "both":
      return first(form.forms, (one) => faultIn(one, value, path));
    case "either": {
      const matches = form.forms.some((one) => faultIn(one, value, path) === undefined);
      return matches ? undefined : unexpected("another form", value, path);
    }
    case "record":
    case "object":
    case "tagged":
      return isObject(value) ? faultInObject(form, value, path) : unexpected("an object", value, path);
  }
}

function faultInObject(form: ObjectForm, value: Fields, path: string): string | undefined {
  const fault = (name: string, of: Form) => faultIn(of, value[name], path === "" ? name : `${path}.${name}`);
  switch (form.kind) {
    case "record":
      return first(Object.keys(value), (name) => fault(name, form.of));
    case "object":
      return (
        first(Object.entries(form.required), ([name, of]) => fault(name, of)) ??
        first(Object.entries(form.optional), ([name, of]) =>
          value[name] === undefined ? undefined : fault(name, of),
        )
      );
    case "tagged": {
      const tag = value[form.tag];
      const known = typeof tag === "string" && Object.hasOwn(form.variants, tag) && form.variants[tag];
      if (known) return faultIn(known, value, path);
      if (form.open && typeof tag === "string") return undefined;
      return fault(form.tag, { kind: "values", values: Object.keys(form.variants) });
    }
  }
}

function first<T>(all: Iterable<T>, find: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unexpected(expected: string, value: unknown, path: string): string {
  return `${path === "" ? "" : `${path}: `}expected ${expected}, found ${value === undefined ? "nothing" : shown(value)}`;
}

/** The start of the value as JSON. */
function shown(value: unknown): string {
  try {
    return shorten(JSON.stringify(value) ?? String(value));
  } catch {
    return String(value);
  }
}

function shorten(text: string): string {
  return text.length > FOUND_LENGTH_MAX ? `${text.slice(0, FOUND_LENGTH_MAX)}…` : text;
}

/** Whether a value is an object and not an array. */
export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
