import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createClient } from "../../lib/civitai/mod.ts";
import { repairLibrary, verifyLibrary } from "../../lib/downloader/mod.ts";
import { FailureError } from "../../lib/failsafe/mod.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";
import { type FrontRule, openFront } from "../helpers/servers/api_front.ts";
import { type Bench, outcomesOf, withBench } from "../helpers/library/download_bench.ts";

const WRONG = "0123456789abcdef-wrong";
const DAY_MS = 24 * 3_600_000;

function clientWith({ sandbox, clock }: Bench, token: string, origin = sandbox.apiOrigin) {
  const rates = { modelRate: 0, imageRate: 0, downloadRate: 0 };
  return createClient({ baseUrl: origin, token, clock, ...rates });
}

const asksOf = ({ sandbox }: Bench): number => sandbox.log.counts.get("GET /api/v1/me") ?? 0;

Deno.test("download() detects a wrong key with its first request and sends no other", () =>
  withBench({ requireLogin: 1 }, async (bench) => {
    const client = clientWith(bench, WRONG);
    const error = await assertRejects(() => bench.download({ client }), FailureError);
    assertEquals([error.code, error.failure], ["auth", "login"]);
    assertStringIncludes(error.message, "Cannot use the API key: it is wrong, expired or revoked");
    assertStringIncludes(error.hint ?? "", "https://civitai.com/user/account");
    assertEquals(bench.sandbox.log.requests.map(({ target }) => target), ["/api/v1/me"]);
    assertEquals(bench.library.catalog.totals().count, 0);
  }));

Deno.test("download() stops at the key check if the service has no address", () =>
  withBench({}, async (bench) => {
    const lookedUp: string[] = [];
    const lookUp = (name: string) => {
      lookedUp.push(name);
      return Promise.reject(Object.assign(new Error("ENOTFOUND"), { code: "ENOTFOUND" }));
    };
    const client = createClient({ token: WRONG, clock: bench.clock, env: () => undefined, lookUp });
    const error = await assertRejects(() => bench.download({ client }), FailureError);
    assertEquals([error.code, error.failure], ["network", "dns"]);
    assertEquals(lookedUp, ["civitai.com", "civitai.com"]);
  }));

Deno.test("download() checks a valid key once a day, and a different key at once", () =>
  withBench({}, async (bench) => {
    await bench.download();
    await bench.download();
    assertEquals(asksOf(bench), 1);
    bench.clock.advance(DAY_MS + 1);
    await bench.download();
    assertEquals(asksOf(bench), 2);
    await assertRejects(() => bench.download({ client: clientWith(bench, WRONG) }), FailureError);
    assertEquals(asksOf(bench), 3);
    for (const { name, value } of bench.library.catalog.notes("")) {
      assert(!`${name} ${value}`.includes(bench.sandbox.token), "the key is kept");
    }
  }));

Deno.test("download() checks no key if there is none, or if everything is done", () =>
  withBench({}, async (bench) => {
    const { clock, sandbox: { apiOrigin } } = bench;
    await bench.download({ client: createClient({ baseUrl: apiOrigin, clock, modelRate: 0, downloadRate: 0 }) });
    await bench.download({ targets: [] });
    assertEquals(asksOf(bench), 0);
  }));

const UNWELL: readonly (readonly [string, FrontRule])[] = [
  ["500", () => Response.json({ error: "Internal" }, { status: 500 })],
  ["403", () => Response.json({ error: "Forbidden" }, { status: 403 })],
  ["a login page with 200", () =>
    new Response('<html><a href="/login?returnUrl=x&reason=download-auth"></html>', {
      headers: { "content-type": "text/html" },
    })],
];

for (const [what, answer] of UNWELL) {
  Deno.test(`download() continues if the key check returns ${what}, and checks once`, () =>
    withBench({}, async (bench) => {
      await using front = openFront(
        bench.sandbox.apiOrigin,
        (url, request) => url.pathname === "/api/v1/me" ? answer(url, request) : undefined,
      );
      const client = clientWith(bench, bench.sandbox.token, front.origin);
      const { run } = await bench.download({ client });
      assertEquals(run?.outcomes, { done: 3 });
      assertEquals(front.asked.filter((path) => path === "/api/v1/me").length, 1);
    }));
}

Deno.test("download() reports that the key of a banned account is invalid", () =>
  withBench({}, async (bench) => {
    await using front = openFront(
      bench.sandbox.apiOrigin,
      (url) => url.pathname === "/api/v1/me" ? Response.json({ id: 1, username: "x", status: "banned" }) : undefined,
    );
    const client = clientWith(bench, bench.sandbox.token, front.origin);
    await assertRejects(
      () => bench.download({ client }),
      FailureError,
      "Cannot use the API key: its account is banned",
    );
  }));

Deno.test("download() stops at the first file if the key was revoked after its check", () =>
  withBench({ requireLogin: 1 }, async (bench) => {
    let isRevoked = false;
    await using front = openFront(bench.sandbox.apiOrigin, (url) => {
      const isGuarded = url.pathname === "/api/v1/me" || url.pathname.startsWith("/api/download/");
      return isRevoked && isGuarded ? Response.json({ error: "Unauthorized" }, { status: 401 }) : undefined;
    });
    const client = clientWith(bench, bench.sandbox.token, front.origin);
    await bench.download({ client, targets: bench.everything.slice(0, 1) });
    isRevoked = true;
    bench.clock.advance(3_600_000);
    const { run } = await bench.download({ client, targets: bench.everything.slice(1) });
    assertEquals([run?.stopped?.code, run?.failed.length], ["auth", 0]);
    assertStringIncludes(run?.stopped?.message ?? "", "Cannot use the API key");
    assertEquals(front.asked.filter((path) => path.startsWith("/api/download/")).length, 2);
    assertEquals(bench.library.catalog.totals({ states: ["planned"] }).count, 2);
  }));

for (const name of ["stable", "turbo"] as const) {
  Deno.test(`download() stops with ${name} soon after the key is revoked during the run, and keeps the rest planned`, () =>
    withBench({ requireLogin: 1, size: { creators: 1, modelsPerCreator: 60 } }, async (bench) => {
      const profile = PROFILES[name];
      let links = 0;
      // One file is refused although the key is valid; later, the key is revoked.
      await using front = openFront(bench.sandbox.apiOrigin, (url) => {
        if (!url.pathname.startsWith("/api/download/")) return undefined;
        links++;
        if (links === 2) return Response.json({ error: "Unauthorized" }, { status: 401 });
        if (links === 12) bench.sandbox.setToken("the-next-key");
        return undefined;
      });
      const client = clientWith(bench, bench.sandbox.token, front.origin);
      const { run } = await bench.download({ client, profile });
      assertEquals(run?.stopped?.code, "auth");
      assertEquals(run?.stopped?.message, "Cannot use the API key: it is wrong, expired or revoked");
      assertStringIncludes(run?.stopped?.hint ?? "", "https://civitai.com/user/account");
      assert(links < 12 + 2 * profile.connections, `${links} links were requested`);
      assertEquals(run?.failed.length, 1);
      const { catalog } = bench.library;
      const done = catalog.totals({ states: ["done"] }).count;
      assertEquals(catalog.totals({ states: ["planned"] }).count, 60 - 1 - done);
      const next = clientWith(bench, "the-next-key");
      assertEquals((await bench.download({ client: next, profile })).run?.outcomes, { done: 60 - done });
    }));
}

Deno.test("download() stops after three refused links in a row, even if the service calls the key valid", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 8 } }, async (bench) => {
    await using front = openFront(
      bench.sandbox.apiOrigin,
      (url) => url.pathname.startsWith("/api/download/") ? Response.json({ error: "x" }, { status: 401 }) : undefined,
    );
    const client = clientWith(bench, bench.sandbox.token, front.origin);
    const { run } = await bench.download({ client });
    assertEquals([run?.stopped?.code, run?.failed, run?.outcomes], ["auth", [], {}]);
    assertStringIncludes(run?.stopped?.message ?? "", "Cannot use the API key: 3 downloads in a row were refused");
    assertEquals(front.asked.filter((path) => path.startsWith("/api/download/")).length, 3);
    assertEquals(bench.library.catalog.totals({ states: ["planned"] }).count, 8);
    assert(front.asked.filter((path) => path === "/api/v1/me").length <= 4);
  }));

Deno.test("download() stops without a key after three refused links in a row", () =>
  withBench({ requireLogin: 1, size: { creators: 1, modelsPerCreator: 8 } }, async (bench) => {
    const { clock, sandbox: { apiOrigin } } = bench;
    const client = createClient({ baseUrl: apiOrigin, clock, modelRate: 0, downloadRate: 0 });
    const { run } = await bench.download({ client });
    assertEquals([run?.stopped?.code, run?.failed.length, bench.sandbox.log.downloadHits], ["auth", 0, 3]);
    assertStringIncludes(run?.stopped?.message ?? "", "Cannot download without an API key");
  }));

Deno.test("download() blames a refused file, not a valid key", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 6 } }, async (bench) => {
    let links = 0;
    await using front = openFront(
      bench.sandbox.apiOrigin,
      (url) =>
        url.pathname.startsWith("/api/download/") && ++links % 2 === 1
          ? Response.json({ error: "x" }, { status: 401 })
          : undefined,
    );
    const client = clientWith(bench, bench.sandbox.token, front.origin);
    const { run } = await bench.download({ client });
    assertEquals([run?.stopped, run?.failed.length], [null, 3]);
    assertEquals(outcomesOf(bench.events), { login: 3, done: 3 });
  }));

Deno.test("repairLibrary() stops when the key is revoked during the repair", () =>
  withBench({ requireLogin: 1, size: { creators: 1, modelsPerCreator: 8 } }, async (bench) => {
    await bench.download();
    for (const item of bench.library.catalog.items({ kinds: ["file"] })) {
      await Deno.remove(`${bench.library.root}/${item.path}`);
    }
    await verifyLibrary(bench.library);
    let links = 0;
    await using front = openFront(bench.sandbox.apiOrigin, (url) => {
      if (!url.pathname.startsWith("/api/download/")) return undefined;
      links++;
      if (links === 4) bench.sandbox.setToken("the-next-key");
      return links === 2 ? Response.json({ error: "Unauthorized" }, { status: 401 }) : undefined;
    });
    const client = clientWith(bench, bench.sandbox.token, front.origin);
    const { stopped, fetched } = await repairLibrary({ ...bench.context, client });
    assertEquals([stopped?.code, fetched, links], ["auth", 2, 4]);
  }));

Deno.test("repairLibrary() detects a wrong key first", () =>
  withBench({ requireLogin: 1 }, async (bench) => {
    await bench.download();
    for (const item of bench.library.catalog.items({ kinds: ["file"] })) {
      await Deno.remove(`${bench.library.root}/${item.path}`);
    }
    await verifyLibrary(bench.library);
    bench.sandbox.log.clear();
    const client = clientWith(bench, WRONG);
    await assertRejects(() => repairLibrary({ ...bench.context, client }), FailureError, "Cannot use the API key");
    assertEquals(bench.sandbox.log.requests.map(({ target }) => target), ["/api/v1/me"]);
  }));
