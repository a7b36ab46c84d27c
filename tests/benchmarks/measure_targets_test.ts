import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { measureTargets, type MeasureTargetsOptions, type PeerTarget } from "../../benchmarks/peers/mod.ts";
import { KitError } from "../../lib/base/mod.ts";
import { type Measured, verdictOf } from "../../lib/judge/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A target whose claims are met, missed or not measured. */
function target(id: string, verdicts: readonly (boolean | null)[]): PeerTarget {
  const claims = verdicts.map((isMet): Measured => ({
    id: "x",
    kind: "amount",
    unit: "",
    estimate: isMet === null ? null : isMet ? 1 : 2,
    trials: isMet === null ? 0 : 1,
    requirement: { op: "<=", value: 1 },
  }));
  return { id, title: id, measure: () => Promise.resolve({ workload: "", charts: [], notes: [], runs: [], claims }) };
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

Deno.test("measureTargets() judges each target, and decides nothing by a preview", () =>
  inTempDir(async (folder) => {
    const targets = [target("A", [true, true]), target("B", [true, false, null]), target("C", [true, null])];
    const options = optionsOf(join(folder, "work"), [...targets, target("D", [null])]);
    const statuses = async (isVerdict: boolean) =>
      (await measureTargets({ ...options, isVerdict })).targets.map(({ claims }) => verdictOf(claims));
    assertEquals(await statuses(true), ["pass", "fail", "inconclusive", "inconclusive"]);
    assertEquals(await statuses(false), Array(4).fill("inconclusive"));
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
    assertEquals(targets.map(({ claims }) => claims.length), [0, 1]);
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
      measure: () => Promise.resolve({ workload: "", charts: [], notes: [], claims: [], runs }),
    };
    const { targets } = await measureTargets(optionsOf(join(folder, "work"), [keeps]));
    assertEquals(
      targets[0]!.runs,
      runs.map((side) => ({
        ...side,
        samples: [{ ...run, figures: undefined, round: 1 }],
        warmup: [{ ...run, figures: undefined, round: 0 }],
      })),
    );
  }));
