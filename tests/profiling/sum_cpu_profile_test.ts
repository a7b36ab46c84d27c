import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { KitError } from "../../lib/base/mod.ts";
import { sumCpuProfile } from "../../lib/profiling/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { profileText, recordHotProfile } from "./_recorded_profile.ts";

const NODES = [
  { id: 1, name: "(root)" },
  { id: 2, name: "(idle)" },
  { id: 3, name: "(garbage collector)" },
  { id: 7, name: "work", url: "file:///project/lib/work.ts", line: 9 },
  { id: 8, name: "", url: "ext:core/01_core.js", line: 0 },
  // The same function, called from elsewhere.
  { id: 9, name: "work", url: "file:///project/lib/work.ts", line: 9 },
  { id: 10, name: "parse" },
];
const PLACE = { path: "a.cpuprofile", root: "/project" };

Deno.test("sumCpuProfile() gives each sample the time until the next one, and adds up each function", () => {
  const text = profileText(NODES, [2, 7, 9, 3, 8, 10, 2], [10, 200, 300, 40, 50, 60, 70]);
  const { functions, busyMs, durationMs, samples } = sumCpuProfile(text, PLACE);
  assertEquals(functions.map(({ name, where, selfMs }) => [name, where, Math.round(1000 * selfMs)]), [
    ["work", "lib/work.ts:10", 300 + 40],
    ["parse", "native", 70],
    ["(anonymous)", "ext:core/01_core.js:1", 60],
    ["(garbage collector)", "GC", 50],
  ]);
  assertEquals([busyMs, durationMs, samples], [0.52, 0.83, 7]);
  assertEquals(functions[0]!.share, 340 / 520);
});

Deno.test("sumCpuProfile() sorts samples that V8 wrote out of order", () => {
  // At 100, 300, 250, 400: the third belongs before the second.
  const { functions } = sumCpuProfile(profileText(NODES, [2, 7, 10, 7], [100, 200, -50, 150]), PLACE);
  assertEquals(functions.map(({ name, selfMs }) => [name, selfMs]), [["work", 0.2], ["parse", 0.05]]);
});

Deno.test("sumCpuProfile() finds the function that takes the time, by its line in TypeScript", () =>
  inTempDir(async (root) => {
    const path = await recordHotProfile(root);
    const { functions, busyMs } = sumCpuProfile(await Deno.readTextFile(path), {
      path,
      root: await Deno.realPath(root),
    });
    const [first] = functions;
    assertEquals([first!.name, first!.where], ["hotLoop", "hot.ts:8"]);
    assertGreater(first!.share, 0.2);
    assert(first!.selfMs <= busyMs);
  }));

for (
  const [name, text, reason] of [
    ["a trace of DevTools", '{"traceEvents": []}', "nodes"],
    ["a heap snapshot", '{"snapshot": {}, "nodes": [1]}', "startTime"],
    ["a list", "[1]", "object"],
    ["an empty file", "", "it is no JSON"],
    ["a profile that is cut off", profileText(NODES, [2, 7], [1, 2]).slice(0, -20), "cut off"],
    ["a node without a frame", profileText(NODES, [2], [1]).replace('"callFrame"', '"frame"'), "callFrame"],
    ["a profile without samples", profileText(NODES, [], []), "samples"],
    ["lists of different lengths", profileText(NODES, [2], [1, 2]), "more samples than times"],
  ] as const
) {
  Deno.test(`sumCpuProfile() refuses ${name}`, () => {
    const error = assertThrows(() => sumCpuProfile(text, PLACE), KitError, reason);
    assertEquals(error.code, "usage");
    assert(error.message.startsWith('Cannot read "a.cpuprofile" as a CPU profile: '), error.message);
  });
}
