import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { type PairReport, type PairSettings, predecessorOf, runPairs } from "../../../lib/stability/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { workerHostOf } from "../../helpers/worker_host.ts";

const SETTINGS: PairSettings = {
  profile: "parallel",
  against: "resilient",
  toxics: "none",
  seed: 5,
  rounds: 2,
  lanes: 1,
};

Deno.test("runPairs() lets each profile go first in turn, with a seed for each round", () =>
  inTempDir(async (folder) => {
    const place = { path: join(folder, "paired.json"), isResumed: false, workFolder: folder };
    const { rounds, claims, verdict } = await runPairs(workerHostOf(), SETTINGS, place);
    assertEquals(rounds.map(({ round, seed, first }) => [round, seed, first]), [
      [0, 5, "profile"],
      [1, 6, "against"],
    ]);
    assertEquals([verdict, claims[0]!.note], ["inconclusive", "2 rounds are too few: at least 20 are required"]);
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
  }));

Deno.test("predecessorOf() goes down the profiles, and stops before the first", () => {
  assertEquals((["turbo", "parallel", "resilient", "stable"] as const).map(predecessorOf), [
    "parallel",
    "resilient",
    "stable",
    null,
  ]);
});
