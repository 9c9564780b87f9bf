import { describe, expect, it } from "vitest";
import {
  both,
  either,
  list,
  nothing,
  nullable,
  number,
  object,
  oneOf,
  parse,
  read,
  record,
  type Shape,
  tagged,
  text,
} from "../src/index.ts";

const person = object({ name: text, numbers: list(text) }, { age: nullable(number) });

function faultOf(shape: Shape<unknown>, value: unknown): string | undefined {
  const found = read(shape, value);
  return found.ok ? undefined : found.fault;
}

describe("a value", () => {
  it("is returned unchanged if it matches", () => {
    const ann = { name: "Ann", numbers: ["1"], age: null, more: true };
    expect(read(person, ann)).toEqual({ ok: true, value: ann });
    expect(read(person, { name: "Ann", numbers: [] }).ok).toBe(true);
    expect(read(nothing, undefined).ok).toBe(true);
  });

  it.each([
    [person, null, "expected an object, found null"],
    [person, [], "expected an object, found []"],
    [person, { numbers: [] }, "name: expected a string, found nothing"],
    [person, { name: "Ann", numbers: ["1", 2] }, "numbers[1]: expected a string, found 2"],
    [person, { name: "Ann", numbers: {} }, "numbers: expected a list, found {}"],
    [person, { name: "Ann", numbers: [], age: "7" }, 'age: expected a number, found "7"'],
    [oneOf("a", "b"), "c", 'expected one of a, b, found "c"'],
    [record(record(number)), { x: { y: "z" } }, 'x.y: expected a number, found "z"'],
    [both(person, object({ id: text })), { name: "A", numbers: [] }, "id: expected a string, found nothing"],
    [either(text, number), true, "expected another form, found true"],
    [text, Symbol("s"), "expected a string, found Symbol(s)"],
    [number, "x".repeat(100), `expected a number, found "${"x".repeat(39)}…`],
  ])("is named when it does not fit (%#)", (shape, value, fault) => {
    expect(faultOf(shape, value)).toBe(fault);
  });

  it("is matched by its tag", () => {
    const variants = { circle: object({ radius: number }), point: object({}) };
    const shape = tagged("kind", variants);
    expect(faultOf(shape, { kind: "point" })).toBeUndefined();
    expect(faultOf(shape, { kind: "circle" })).toBe("radius: expected a number, found nothing");
    expect(faultOf(shape, { kind: "toString" })).toBe(
      'kind: expected one of circle, point, found "toString"',
    );
    expect(faultOf(tagged("kind", variants, true), { kind: "square" })).toBeUndefined();
    expect(faultOf(tagged("kind", variants, true), {})).toBe(
      "kind: expected one of circle, point, found nothing",
    );
  });

  it("that is not JSON is a fault, and nothing is thrown", () => {
    expect(parse(person, '{"name":"Ann","numbers":[]}').ok).toBe(true);
    expect(parse(person, "<html>")).toEqual({ ok: false, fault: 'expected JSON, found "<html>"' });
  });

  it("that refers to itself is a fault, and nothing is thrown", () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(faultOf(text, circle)).toBe("expected a string, found [object Object]");
  });
});
