import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { measureTargets, type MeasureTargetsOptions, type PeerTarget } from "../../benchmarks/peers/mod.ts";
import { KitError } from "../../lib/base/mod.ts";
import type { ReportedCriterion } from "../../lib/report/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

function target(id: string, verdicts: readonly (boolean | null)[]): PeerTarget {
  const criteria = verdicts.map((isMet): ReportedCriterion => ({
    what: "x",
    unit: "count",
    direction: "at most",
    limit: 1,
    isMet,
    isCertain: true,
    estimate: isMet === null ? null : { value: 1, low: 1, high: 1, confidence: 1, n: 1 },
  }));
  return { id, title: id, measure: () => Promise.resolve({ workload: "", charts: [], notes: [], runs: [], criteria }) };
}

function optionsOf(workFolder: string, targets: readonly PeerTarget[]): MeasureTargetsOptions {
  return {
    workFolder,
    targets,
    runs: 1,
    scale: 1,
    engine: undefined,
    isVerdict: true,
    onProgress: () => {},
    signal: new AbortController().signal,
  };
}

Deno.test("measureTargets() returns the status of each target", () =>
  inTempDir(async (folder) => {
    const targets = [target("A", [true, true]), target("B", [true, false, null]), target("C", [true, null])];
    const options = optionsOf(join(folder, "work"), [...targets, target("D", [null])]);
    const statuses = async (isVerdict: boolean) =>
      (await measureTargets({ ...options, isVerdict })).targets.map((report) => report.status);
    assertEquals(await statuses(true), ["met", "missed", "not measured", "not measured"]);
    assertEquals(await statuses(false), ["no verdict", "no verdict", "no verdict", "not measured"]);
  }));

Deno.test("measureTargets() continues after a target that fails and leaves nothing behind", () =>
  inTempDir(async (folder) => {
    const fails: PeerTarget = {
      id: "F",
      title: "fails",
      async measure(bench) {
        await Deno.writeTextFile(join(bench.folder, "large.bin"), "x");
        throw new KitError("inconclusive", "Cannot measure: nginx is not installed");
      },
    };
    const { targets } = await measureTargets(optionsOf(join(folder, "work"), [fails, target("A", [true])]));
    assertEquals(targets.map((report) => report.status), ["not measured", "met"]);
    assertEquals(targets[0]!.notes, ["Cannot measure: nginx is not installed"]);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("measureTargets() prepares once what several targets share", () =>
  inTempDir(async (folder) => {
    let made = 0;
    const wants = (id: string): PeerTarget => ({
      ...target(id, [true]),
      async measure(bench) {
        await bench.once("file", () => Promise.resolve(++made));
        return await target(id, [true]).measure(bench);
      },
    });
    await measureTargets(optionsOf(join(folder, "work"), [wants("A"), wants("B")]));
    assertEquals(made, 1);
  }));

Deno.test("measureTargets() uses the newest engine and refuses a missing one", () =>
  inTempDir(async (folder) => {
    const options = optionsOf(join(folder, "work"), []);
    const { engine, versions } = await measureTargets(options);
    assert(["turbo", "parallel", "resilient"].includes(engine));
    assertEquals((await measureTargets({ ...options, engine: "stable" })).engine, "stable");
    assert(Object.values(versions).every((version) => /^\d|^\?$/.test(version)));
    await assertRejects(() => measureTargets({ ...options, engine: "warp" }), KitError, "warp");
  }));

Deno.test("measureTargets() that is stopped keeps the targets that are complete, and cleans up", () =>
  inTempDir(async (folder) => {
    const controller = new AbortController();
    const stops: PeerTarget = {
      id: "S",
      title: "stops",
      measure() {
        controller.abort(new KitError("interrupted", "Stopped"));
        return Promise.reject(new Error("was killed"));
      },
    };
    const options = { ...optionsOf(join(folder, "work"), [target("A", [true]), stops, target("B", [true])]) };
    const { targets, isStopped } = await measureTargets({ ...options, signal: controller.signal });
    assertEquals([targets.map(({ id }) => id), isStopped], [["A"], true]);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("measureTargets() keeps every run, including the warm-up", () =>
  inTempDir(async (folder) => {
    const run = { seconds: 1, cpuSeconds: null, peakRssBytes: null, bytes: null, startedMs: 5 };
    const runs = [{ name: "ours", problem: null, warmup: [{ ...run, round: 0 }], samples: [{ ...run, round: 1 }] }];
    const keeps: PeerTarget = {
      ...target("K", [true]),
      measure: () => Promise.resolve({ workload: "", charts: [], notes: [], criteria: [], runs }),
    };
    const { targets } = await measureTargets(optionsOf(join(folder, "work"), [keeps]));
    assertEquals(targets[0]!.samples, [
      { ...run, side: "ours", round: 0, isWarmup: true },
      { ...run, side: "ours", round: 1, isWarmup: false },
    ]);
  }));
