import { describe, expect, it } from "vitest";
import { type AddressSource, pageUrl } from "../src/frames/address.ts";

const CALL: AddressSource = {
  id: "01890000-0000-7000-8000-000000000001",
  number: 42,
  customer: { at: { outside: "+14155550100" } },
  device: "1001",
  dialled: "7700",
  direction: "inbound",
  queue: "support",
  data: { AccountCode: "A&1=?#/../x", Name: "Zoë", dots: ".." },
};

describe("the address of a page", () => {
  it("gets values of the call, percent-encoded", () => {
    const template =
      "https://kb.example/{contact-id}?ani={ani}&dnis={dnis}&code={data.AccountCode}&name={data.Name}";
    expect(pageUrl(template, CALL)).toBe(
      "https://kb.example/42?ani=%2B14155550100&dnis=7700&code=A%261%3D%3F%23%2F..%2Fx&name=Zo%C3%AB",
    );
    expect(pageUrl("https://kb.example/{queue}/{interaction}", CALL)).toBe(
      `https://kb.example/support/${CALL.id}`,
    );
  });

  it("never changes its origin or folder", () => {
    const evil = { ...CALL, data: { to: "@evil.example/", dots: "..", slash: "//evil.example" } };
    for (const name of ["to", "dots", "slash"]) {
      const url = new URL(pageUrl(`https://kb.example/a/{data.${name}}/b`, evil));
      expect(url.origin).toBe("https://kb.example");
      expect(url.pathname.startsWith("/a/")).toBe(true);
    }
  });

  it("has the agent's own number as ANI of an outbound call", () => {
    const call = { ...CALL, direction: "outbound" as const, dialled: null };
    expect(pageUrl("https://kb.example/{ani}-{dnis}", call)).toBe("https://kb.example/1001-%2B14155550100");
  });

  it("has nothing for missing values and for pages without a call, and leaves other braces", () => {
    const withheld = { ...CALL, customer: { at: "withheld" as const } };
    expect(pageUrl("https://kb.example/?a={ani}&d={data.None}&x={x}", withheld)).toBe(
      "https://kb.example/?a=&d=&x={x}",
    );
    expect(pageUrl("https://kb.example/?a={ani}", undefined)).toBe("https://kb.example/?a=");
  });
});
