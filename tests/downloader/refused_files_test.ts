import { assertEquals } from "@std/assert";
import { type Client, createClient } from "../../lib/civitai/mod.ts";
import type { DownloadOptions, PlanTarget } from "../../lib/downloader/mod.ts";
import { type Bench, withBench } from "../helpers/library/download_bench.ts";
import { openFront } from "../helpers/servers/api_front.ts";

const DAY_MS = 24 * 3_600_000;

function clientWith({ clock }: Bench, token: string, baseUrl: string): Client {
  return createClient({ baseUrl, token, clock, modelRate: 0, imageRate: 0, downloadRate: 0 });
}

/** Run a night in which the creator of all models is listed; return what it planned and whether it cost links. */
async function runNight(
  bench: Bench,
  changes: Partial<DownloadOptions> = {},
): Promise<{ readonly planned: number; readonly refused: number; readonly asked: boolean; readonly named: number }> {
  const { username } = bench.sandbox.catalog.creators().next().value!;
  const target: PlanTarget = { type: "user", username };
  const before = bench.sandbox.log.downloadHits;
  const { plan, run, items } = await bench.download({ targets: [target], ...changes });
  assertEquals(run?.failed, []);
  const refused = Object.values(plan.refused).reduce((sum, count) => sum + count, 0);
  const asked = bench.sandbox.log.downloadHits > before;
  return { planned: plan.wanted.files, refused, asked, named: items.refused().totals().count };
}

const SIZE = { creators: 1, modelsPerCreator: 3 };
const ASKED = { planned: 3, refused: 0, asked: true, named: 3 };
const NOT_ASKED = { planned: 0, refused: 3, asked: false, named: 3 };

for (const outcome of ["removed", "noAccess"] as const) {
  Deno.test(`download() asks again for what the server refused (${outcome}) only after a week`, () =>
    withBench({ size: SIZE, outcomes: { [outcome]: 1 } }, async (bench) => {
      assertEquals(await runNight(bench), ASKED);
      const { reason } = bench.firstItem();
      for (let night = 1; night < 7; night++) {
        bench.clock.advance(DAY_MS);
        assertEquals(await runNight(bench), NOT_ASKED);
      }
      assertEquals([bench.firstItem().state, bench.firstItem().reason], ["refused", reason]);
      bench.clock.advance(DAY_MS);
      assertEquals(await runNight(bench), ASKED);
    }));
}

Deno.test("download() asks at once for a refused file that a target names", () =>
  withBench({ size: SIZE, outcomes: { removed: 1 } }, async (bench) => {
    await runNight(bench);
    const { plan, refused } = await bench.download({ targets: bench.everything.slice(0, 1) });
    assertEquals([plan.wanted.files, refused.length], [1, 1]);
  }));

Deno.test("download() asks at once for a refused file whose content has changed", () =>
  withBench({ size: SIZE, outcomes: { removed: 1 } }, async (bench) => {
    await runNight(bench);
    bench.sandbox.replaceFile(bench.firstItem().fileId!);
    assertEquals(await runNight(bench), { planned: 1, refused: 2, asked: true, named: 3 });
  }));

Deno.test("download() asks another account's key at once for what the first may not fetch", () =>
  withBench({ size: SIZE, outcomes: { noAccess: 1 } }, async (bench) => {
    await runNight(bench);
    const token = "another-account";
    bench.sandbox.setToken(token);
    const client = clientWith(bench, token, bench.sandbox.apiOrigin);
    assertEquals(await runNight(bench, { client }), ASKED);
    assertEquals(await runNight(bench, { client }), NOT_ASKED);
  }));

Deno.test("download() asks in every run for a file that the library had and the server refuses", () =>
  withBench({ size: SIZE }, async (bench) => {
    await runNight(bench);
    await Deno.remove(`${bench.library.root}/${bench.firstItem().path}`);
    let requests = 0;
    await using front = openFront(bench.sandbox.apiOrigin, ({ pathname }) => {
      if (!pathname.startsWith("/api/download/")) return undefined;
      requests++;
      return Response.json({ error: "File not found" }, { status: 404 });
    });
    const client = clientWith(bench, bench.sandbox.token, front.origin);
    for (let night = 1; night < 3; night++) {
      const { planned, named } = await runNight(bench, { client });
      assertEquals([planned, named, requests > 0], [1, 1, true]);
      requests = 0;
    }
  }));
