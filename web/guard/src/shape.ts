/** Shapes of values. Each shape has the TypeScript type of the values that match it. */

/** The runtime description of a shape, which `read` interprets. */
export type Form =
  | { readonly kind: "anything" | "nothing" | "string" | "number" | "boolean" }
  | { readonly kind: "values"; readonly values: readonly string[] }
  | { readonly kind: "list" | "nullable"; readonly of: Form }
  | { readonly kind: "record"; readonly of: Form }
  | { readonly kind: "object"; readonly required: Forms; readonly optional: Forms }
  | { readonly kind: "tagged"; readonly tag: string; readonly variants: Forms; readonly open: boolean }
  | { readonly kind: "both" | "either" | "tuple"; readonly forms: readonly Form[] };

type Forms = Readonly<Record<string, Form>>;

/** The form of values of type `T`. */
export type Shape<T> = Form & { readonly type?: () => T };

/** The type of the values that match a shape. */
export type TypeOf<S> = S extends Shape<infer T> ? T : never;

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Fields<P extends Shapes> = { readonly [K in keyof P]: TypeOf<P[K]> };

export const anything: Shape<unknown> = { kind: "anything" };
export const nothing: Shape<undefined> = { kind: "nothing" };
export const text: Shape<string> = { kind: "string" };
export const number: Shape<number> = { kind: "number" };
export const flag: Shape<boolean> = { kind: "boolean" };

/** One of a closed list of strings. */
export function oneOf<const V extends string>(...values: readonly V[]): Shape<V> {
  return { kind: "values", values };
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return { kind: "list", of };
}

/** An array of exactly two values. */
export function pair<A, B>(one: Shape<A>, other: Shape<B>): Shape<readonly [A, B]> {
  return { kind: "tuple", forms: [one, other] };
}

/** An object with arbitrary keys, whose values have one shape. */
export function record<T>(of: Shape<T>): Shape<{ readonly [name: string]: T }> {
  return { kind: "record", of };
}

export function nullable<T>(of: Shape<T>): Shape<T | null> {
  return { kind: "nullable", of };
}

/** An object with the given fields. Other fields are allowed. */
export function object<P extends Shapes, O extends Shapes = Record<never, never>>(
  required: P,
  optional?: O,
): Shape<Fields<P> & Partial<Fields<O>>> {
  return { kind: "object", required, optional: optional ?? {} };
}

/**
 * An object whose field `tag` selects the variant.
 *
 * @param open whether objects with an unknown tag match too. The caller must ignore them.
 */
export function tagged<K extends string, V extends Shapes>(
  tag: K,
  variants: V,
  open = false,
): Shape<{ [N in keyof V & string]: { readonly [_ in K]: N } & TypeOf<V[N]> }[keyof V & string]> {
  return { kind: "tagged", tag, variants, open };
}

/** Values that match both shapes. */
export function both<A, B>(one: Shape<A>, other: Shape<B>): Shape<A & B> {
  return { kind: "both", forms: [one, other] };
}

/** Values that match at least one shape. */
export function either<const S extends readonly Shape<unknown>[]>(...forms: S): Shape<TypeOf<S[number]>> {
  return { kind: "either", forms };
}
