import { describe, expect, it, vi } from "vitest";
import { answerFinding, hostFinding, storageFinding } from "../src/check/findings.ts";
import { ancestorsIn } from "../src/check/probe.ts";
import { en } from "../src/texts/en.ts";

describe("the self-test", () => {
  it("reads from the policy which pages may embed the connector", () => {
    const policy = "default-src 'self'; frame-ancestors https://crm.example http://127.0.0.1:8090";
    expect(ancestorsIn(policy)).toEqual(["https://crm.example", "http://127.0.0.1:8090"]);
    expect(ancestorsIn("frame-ancestors 'none'")).toEqual([]);
    expect(ancestorsIn("default-src 'self'")).toBeUndefined();
  });

  it("shows the lines for the floor file", () => {
    expect(hostFinding(en, ["https://crm.example"], ["https://crm.example"]).level).toBe("good");
    const found = hostFinding(en, ["https://crm.example"], ["https://other.example"]);
    expect(found.level).toBe("bad");
    expect(found.text).toContain(en.check.hostNo);
    expect(found.code).toContain('crm_origins = [\n  "https://other.example",\n  "https://crm.example",\n]');
  });

  it("tests the sign-in only in a frame", () => {
    vi.stubGlobal("location", new URL("https://hub.example/connector/check"));
    const outside = storageFinding(en, "tab", false);
    expect([outside.level, outside.code]).toEqual(["hint", "https://hub.example/connector/check"]);
    const levels = (["tab", "cookie", "none"] as const).map((kind) => storageFinding(en, kind, true).level);
    expect(levels).toEqual(["good", "good", "bad"]);
    expect(answerFinding(en, false).level).toBe("bad");
  });

  it("requires every embedding page to be listed", () => {
    const found = hostFinding(en, ["https://app.example", "https://desk.example"], ["https://app.example"]);
    expect(found.text).toContain("https://desk.example");
    expect(hostFinding(en, ["https://app.example"], undefined).text).toBe(en.check.hostUnknown);
  });
});
