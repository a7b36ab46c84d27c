import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { call } from "../helpers/call.ts";
import { atPlace } from "./_place.ts";

/** The library's counts of its last 24 hours. */
async function usedIn(folder: string): Promise<{ readonly links: number; readonly bytes: number }> {
  const { buckets } = JSON.parse(
    await Deno.readTextFile(join(folder, "library", ".civitai-dl", "state", "quota.json")),
  );
  const sum = (name: "links" | "bytes") =>
    buckets.reduce((total: number, bucket: Record<string, number>) => total + bucket[name]!, 0);
  return { links: sum("links"), bytes: sum("bytes") };
}

Deno.test.each([{ word: "many" }, { word: "0" }, { word: "1000 200G" }, { word: "" }])(
  'download refuses --quota "$word" before it acts',
  async ({ word }) => {
    for (const verb of ["download", "update", "repair"]) {
      const { code, err } = await call([verb, "-o", "nowhere", "--quota", word]);
      assertEquals(code, 2, err);
      assertStringIncludes(err, "--quota");
    }
  },
);

Deno.test("download --quota stops with 3, reports when it continues, and counts earlier runs", () =>
  atPlace({ size: { creators: 1, modelsPerCreator: 4 } }, async ({ folder, sandbox, everything, run }) => {
    const first = await run([...everything.slice(0, 2)]);
    assertEquals(first.code, 0, first.stderr);
    const { links, bytes } = await usedIn(folder);
    assertEquals([links, bytes], [1, sandbox.log.storageBytes]);
    const second = await run([...everything, "--quota", "3"]);
    assertEquals([second.code, sandbox.log.downloadHits], [3, 3]);
    assertMatch(second.stdout, /3 of 3 download links of --quota are used; next at \d{4}-\d\d-\d\d \d\d:\d\d/);
    const place = ["--library", join(folder, "library"), "--logs", join(folder, "logs"), "--offline"];
    const health = await call(["health-check", "--only", "quota", ...place]);
    // The limit is the user's own: it is a warning.
    assertEquals(health.code, 0, health.err);
    assertMatch(health.out, /the limit of the --quota of the\s+last\s+run is reached/);
    const third = await run([...everything, "--quota", "3, 1G"]);
    assertEquals([third.code, sandbox.log.downloadHits], [3, 3]);
    assertMatch(third.stderr + third.stdout, /next at \d{4}-\d\d-\d\d \d\d:\d\d/);
    const last = await run([...everything, "--quota", "4"]);
    assertEquals([last.code, (await usedIn(folder)).links], [0, 4], last.stderr);
    assertEquals((await usedIn(folder)).bytes, sandbox.log.storageBytes);
  }));

Deno.test("download --dry-run counts nothing and writes no counts", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    assertEquals((await run([...everything, "--dry-run", "--quota", "1"])).code, 0);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("download names the line of an invalid quota", () =>
  atPlace({}, async ({ folder }) => {
    const path = join(folder, "civitai-dl.yml");
    await Deno.writeTextFile(path, "wait: 1s\nquota: many\n");
    const { code, err } = await call(["download", "--config", path]);
    assertEquals(code, 2);
    assertStringIncludes(err, 'Cannot use "many" for --quota');
    assertStringIncludes(err, "civitai-dl.yml:2");
  }));

Deno.test("download reads the quota from civitai-dl.yml, also as a number", () =>
  atPlace({}, async ({ folder, sandbox, everything, run }) => {
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), "quota: 1\n");
    assertEquals([(await run(everything)).code, sandbox.log.downloadHits], [3, 1]);
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), "quota: 2, 1G\n");
    assertEquals([(await run(everything)).code, sandbox.log.downloadHits], [3, 2]);
  }));
