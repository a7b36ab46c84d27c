import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { LibraryPresence } from "../../lib/library/mod.ts";
import type { HealthRow } from "../../lib/health/mod.ts";
import { listFailing, UnattendedChecks } from "../../lib/health/unattended_checks.ts";
import { placeOf } from "./_health_place.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("a round of checks writes nothing in the place of a library that vanished since the last tick", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    const presence = new LibraryPresence(library);
    assertEquals(await presence.look(Date.now()), null);
    await Deno.rename(library, join(folder, "moved"));
    await Deno.mkdir(library);
    const checks = new UnattendedChecks({
      library,
      inPlace: (_, use) => use(placeOf(library)),
      observer: { last: undefined },
      presence,
    });
    await checks.run({ which: "all", signal: new AbortController().signal });
    assertEquals([await Array.fromAsync(Deno.readDir(library)), checks.last], [[], null]);
  }));

Deno.test("a monitor says that it judges its own key, which a shell may have replaced", () => {
  const row: HealthRow = {
    name: "key",
    durationMs: 1,
    status: "fail",
    problem: "key-rejected",
    measured: "the service does not accept the one of CIVITAI_API_KEY",
    ja: { name: "API キー", measured: "API が CIVITAI_API_KEY のキーを受け付けません", advice: null },
    remedy: null,
    afterwards: null,
    advice: null,
    figures: {},
  };
  const since = "2026-01-01T00:00:00.000Z";
  const failing = (name: string) =>
    listFailing(new Map([[name, { row: { ...row, name }, kind: "fail", rounds: 1, since, isFailing: true }]]))[0]!;
  assertMatch(failing("key").measured, /of CIVITAI_API_KEY; this is the key that the monitor was started with: /);
  assertMatch(failing("key").ja.measured, /受け付けません。モニターの起動時に設定されていたキーです。/);
  assertEquals(failing("api").measured, row.measured);
});
