import { describe, expect, it } from "vitest";
import { backoffMs, createHttp } from "../src/index.ts";

type Answer = Response | Error;

function server(...answers: Answer[]) {
  const asked: { path: string; key: string | null; token: string | null }[] = [];
  const slept: number[] = [];
  const http = createHttp({
    token: () => "secret",
    key: () => "k1",
    random: () => 0,
    sleep: async (ms) => {
      slept.push(ms);
    },
    fetch: async (path, init) => {
      const headers = new Headers(init?.headers);
      asked.push({
        path: String(path),
        key: headers.get("Idempotency-Key"),
        token: headers.get("Authorization"),
      });
      const answer = answers.shift() ?? new Error("nothing left to answer");
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { http, asked, slept };
}

const SIGNED_IN = {
  token: "t",
  expires_at: 1,
  principal: { account: "ann", role: "agent", permissions: [] },
};

const problem = (code: string, status: number) =>
  new Response(JSON.stringify({ code, title: "no", detail: "because", status }), { status });

describe("a command", () => {
  it("is sent again with the same idempotency key while there is no response", async () => {
    const { http, asked, slept } = server(
      new Error("reset"),
      problem("unavailable", 503),
      Response.json({ seq: 7 }),
    );
    expect(await http.commandAgent("10/01", { verb: "ready" })).toEqual({ ok: true, value: { seq: 7 } });
    expect(asked.map(({ key }) => key)).toEqual(["k1", "k1", "k1"]);
    expect(asked[0]).toEqual({ path: "/api/v1/agents/10%2F01/commands", key: "k1", token: "Bearer secret" });
    expect(slept).toEqual([125, 250]);
  });

  it("is not sent again when the server refuses it", async () => {
    const { http, asked } = server(problem("wrong-state", 409));
    const refused = await http.commandInteraction("i", { verb: "hold" });
    expect(refused).toEqual({
      ok: false,
      problem: { code: "wrong-state", status: 409, title: "no", detail: "because" },
    });
    expect(asked).toHaveLength(1);
  });

  it("ends after the time limit, with all repetitions", async () => {
    let tries = 0;
    const http = createHttp({
      token: () => undefined,
      responseMs: () => 20,
      sleep: async () => {},
      fetch: (_, init) => {
        tries += 1;
        return new Promise((_, reject) => {
          init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        });
      },
    });
    expect(await http.commandAgent("1001", { verb: "ready" })).toMatchObject({
      ok: false,
      problem: { code: "unreachable" },
    });
    expect(tries).toBe(1);
  });

  it("fails after five attempts", async () => {
    const { http, asked } = server();
    expect(await http.commandAgent("1001", { verb: "ready" })).toMatchObject({
      ok: false,
      problem: { code: "unreachable" },
    });
    expect(asked).toHaveLength(5);
  });
});

describe("signing in", () => {
  it("is sent again only while the server is overloaded", async () => {
    const busy = () => problem("overloaded", 503);
    const { http, asked, slept } = server(busy(), busy(), Response.json(SIGNED_IN));
    expect(await http.post("/api/v1/sign-in", {})).toEqual({ ok: true, value: SIGNED_IN });
    expect([asked.length, slept]).toEqual([3, [125, 250]]);
    const wrong = server(problem("unauthenticated", 401));
    expect(await wrong.http.post("/api/v1/sign-in", {})).toMatchObject({ ok: false });
    expect(wrong.asked).toHaveLength(1);
    const never = server(...Array.from({ length: 20 }, busy));
    expect(await never.http.post("/api/v1/sign-in", {})).toMatchObject({ problem: { code: "overloaded" } });
    expect(never.asked).toHaveLength(10);
  });
});

describe("a GET request", () => {
  it("leaves out undefined query parameters", async () => {
    const { http, asked } = server(Response.json({ items: [] }));
    await http.get("/api/v1/contacts", { search: "a b&c", after: undefined, limit: 5 });
    expect(asked[0]?.path).toBe("/api/v1/contacts?search=a+b%26c&limit=5");
  });

  it("fails when the response is not JSON", async () => {
    const { http } = server(new Response("<html>bad gateway</html>", { status: 502 }));
    expect(await http.get("/api/v1/me")).toMatchObject({
      ok: false,
      problem: { status: 502, code: "internal" },
    });
  });
});

describe("a response", () => {
  it("that does not match its shape is a problem with the path of the fault", async () => {
    const { http } = server(
      Response.json({ items: [{ id: "c1", name: 7 }] }),
      new Response("<html>", { status: 200 }),
      Response.json({ code: "made up", detail: 5 }, { status: 409 }),
    );
    expect(await http.get("/api/v1/contacts")).toMatchObject({
      problem: { code: "internal", detail: "unexpected answer: items[0].name: expected a string, found 7" },
    });
    expect(await http.get("/api/v1/contacts")).toMatchObject({
      problem: { code: "internal", detail: "unexpected answer: expected an object, found nothing" },
    });
    expect(await http.get("/api/v1/contacts")).toMatchObject({
      problem: { code: "internal", status: 409, detail: "status 409" },
    });
  });
});

describe("the backoff", () => {
  it("doubles up to ten seconds, and half of it is random", () => {
    expect([1, 2, 3, 20].map((tries) => backoffMs(tries, 0))).toEqual([125, 250, 500, 5000]);
    expect([1, 2, 3, 20].map((tries) => backoffMs(tries, 0.999))).toEqual([250, 500, 1000, 9995]);
  });
});
