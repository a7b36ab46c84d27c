import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { readCpuProfile } from "../../../lib/profiling/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { profileText } from "../_recorded_profile.ts";

const NODES = [{ id: 1, name: "(root)", children: [2, 7] }, { id: 2, name: "(idle)" }, { id: 7, name: "work" }];

async function read(folder: string, text: string) {
  const path = join(folder, "a.cpuprofile");
  await Deno.writeTextFile(path, text);
  return readCpuProfile(path);
}

Deno.test("readCpuProfile() gives each sample the time until the next one", () =>
  inTempDir(async (folder) => {
    const { nodes, samples, durationUs } = await read(folder, profileText(NODES, [2, 7, 7, 2], [10, 200, 300, 40]));
    assertEquals(nodes.map(({ selfUs, hits }) => [selfUs, hits]), [[0, 0], [200 + 100, 2], [300 + 40, 2]]);
    assertEquals([samples, durationUs], [4, 650]);
  }));

Deno.test("readCpuProfile() sorts samples that V8 wrote out of order", () =>
  inTempDir(async (folder) => {
    // At 100, 300, 250, 400: the third belongs before the second.
    const { nodes } = await read(folder, profileText(NODES, [2, 7, 2, 7], [100, 200, -50, 150]));
    assertEquals(nodes.map(({ selfUs }) => selfUs), [0, 150 + 50, 100 + 100]);
  }));

for (
  const [name, text, reason] of [
    ["a trace of DevTools", '{"traceEvents": []}', "it is a trace of the Performance panel"],
    ["a profile of an old V8", '{"head": {}, "startTime": 1}', "V8 before version 6"],
    ["a heap snapshot", '{"snapshot": {}, "nodes": [1]}', "it is a heap snapshot"],
    ["another tool's profile", '{"profiles": []}', "speedscope"],
    ["another document", '{"name": "x"}', 'it has no "nodes"'],
    ["a list", "[1]", "it is not a CPU profile"],
    ["an empty file", "", "it is not a CPU profile"],
    ["a profile that is cut off", profileText(NODES, [2, 7], [1, 2]).slice(0, -20), "cut off at byte"],
    ["a node without a frame", '{"nodes": [{"id": 1}]}', "a node is malformed"],
    ["a profile without samples", profileText(NODES, [], []), "it has no samples"],
    ["lists of different lengths", profileText(NODES, [2], [1, 2]), "1 samples, but 2 time deltas"],
    ["a sample of no node", profileText(NODES, [3], [1]), "there is no node 3"],
    ["a circle", profileText([{ id: 1, name: "(root)", children: [1] }], [1], [1]), "its nodes are no tree"],
    ["a node that nobody calls", profileText([...NODES, { id: 9, name: "x" }], [2], [1]), "its nodes are no tree"],
  ] as const
) {
  Deno.test(`readCpuProfile() refuses ${name}`, () =>
    inTempDir(async (folder) => {
      const path = join(folder, "a.cpuprofile");
      await Deno.writeTextFile(path, text);
      const error = assertThrows(() => readCpuProfile(path), KitError, reason);
      assertEquals([error.code, error.message.startsWith(`Cannot read "${path}": `)], ["usage", true]);
    }));
}
