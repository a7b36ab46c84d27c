import { assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { EvidenceError, KitError, openEvidence } from "../../../lib/base/mod.ts";
import {
  PAIR_SCHEMA,
  type PairReport,
  type PairSettings,
  predecessorOf,
  readRounds,
  runPairs,
} from "../../../lib/stability/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { workerHostOf } from "../_worker_host.ts";

const SETTINGS: PairSettings = {
  profile: "parallel",
  against: "resilient",
  toxics: "none",
  seed: 5,
  rounds: 2,
  lanes: 1,
};
Deno.test("runPairs() is stopped after a round, keeps it, and goes on with the next one", () =>
  inTempDir(async (folder) => {
    const place = { path: join(folder, "paired.json"), isResumed: false, workFolder: join(folder, "work") };
    const stop = new AbortController();
    const first = await runPairs(
      workerHostOf({
        signal: stop.signal,
        onProgress: ({ done }) => done.length === 1 && stop.abort(new Error("enough")),
      }),
      SETTINGS,
      place,
    );
    assertEquals([first.verdict, first.end, first.rounds.length], [
      "aborted",
      { type: "signal", reason: "Error: enough" },
      1,
    ]);
    // Nothing is left of the round that was under way.
    assertEquals(await Array.fromAsync(Deno.readDir(join(folder, "work"))), []);
    assertEquals((await readRounds<PairReport>(place.path, PAIR_SCHEMA)).settings, SETTINGS);
    await assertRejects(() => runPairs(workerHostOf(), SETTINGS, place), KitError, "exists");
    await assertRejects(
      () =>
        runPairs(workerHostOf({ commit: { sha: "", isDirty: false, ref: "main" } }), SETTINGS, {
          ...place,
          isResumed: true,
        }),
      KitError,
      "the run was started with commit 4f1d2c0",
    );

    const whole = await runPairs(workerHostOf(), SETTINGS, { ...place, isResumed: true });
    assertEquals([whole.verdict, whole.end, whole.sittings.map(({ rounds }) => rounds)], [
      "inconclusive",
      { type: "planned" },
      [1, 1],
    ]);
    assertEquals(whole.rounds.map(({ round, seed, first }) => [round, seed, first]), [
      [0, 5, "profile"],
      [1, 6, "against"],
    ]);
    assertEquals(whole.claims[0]!.note, "2 rounds are too few: at least 20 are required");
    const written: unknown = openEvidence(await Deno.readTextFile(place.path), {
      schema: "civitai-dl/paired-stability",
    });
    assertEquals(written, whole);
    await assertRejects(
      () => runPairs(workerHostOf(), SETTINGS, { ...place, isResumed: true }),
      KitError,
      "complete after 2",
    );
  }));

Deno.test("runPairs() counts every download of a process that ends as failed, with both profiles", () =>
  inTempDir(async (folder) => {
    const place = { path: join(folder, "paired.json"), isResumed: false, workFolder: folder };
    const notices: string[] = [];
    const host = workerHostOf({ display: { log() {}, notice() {}, detail: (text) => notices.push(text) } });
    const { rounds, claims }: PairReport = await runPairs(host, { ...SETTINGS, rounds: 1 }, place);
    const { items, failed, times } = rounds[0]!;
    assertEquals([failed, times.profile.length, claims[0]!.trials], [
      { both: items, profile: 0, against: 0 },
      0,
      items,
    ]);
    assertEquals(notices.filter((text) => text.includes("ended with 3")).length > 0, true);
    assertEquals(await exists(place.path), true);
  }));

Deno.test("readRounds() refuses what is not the report of such a run", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "paired.json");
    await assertRejects(() => readRounds(path, PAIR_SCHEMA), KitError, "Cannot resume");
    await Deno.writeTextFile(path, '{"schema": "civitai-dl/paired-stability", "version": 1}');
    await assertRejects(() => readRounds(path, PAIR_SCHEMA), EvidenceError);
  }));

Deno.test("predecessorOf() goes down the profiles, and stops before the first", () => {
  assertEquals((["turbo", "parallel", "resilient", "stable"] as const).map(predecessorOf), [
    "parallel",
    "resilient",
    "stable",
    null,
  ]);
});
