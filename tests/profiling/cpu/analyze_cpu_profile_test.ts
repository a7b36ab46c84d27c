import { assert, assertEquals, assertGreater } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  analyzeCpuProfile,
  type CpuAnalysis,
  flameOfCpuProfile,
  readCpuProfile,
  SourceLines,
  transpileFiles,
} from "../../../lib/profiling/mod.ts";
import { assertNear } from "../../helpers/assert_near.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { type MadeNode, profileText, recordHotProfile } from "../_recorded_profile.ts";

const ROOM = "file:///dl/lib/transfer/a.ts";

/** `work` calls itself and `hash`, which calls native code; a millisecond each, and two idle ones. */
const NODES: readonly MadeNode[] = [
  { id: 1, name: "(root)", children: [2, 3] },
  { id: 2, name: "(idle)" },
  { id: 3, name: "work", url: ROOM, line: 4, children: [4, 5] },
  { id: 4, name: "work", url: ROOM, line: 4, children: [6] },
  { id: 5, name: "hash", url: "file:///dl/lib/base/b.ts", line: 0, children: [7] },
  { id: 6, name: "hash", url: "file:///dl/lib/base/b.ts", line: 0 },
  { id: 7, name: "op_hash" },
];
const SAMPLES = [3, 4, 5, 6, 7, 2, 2];

async function analyze(folder: string, text: string): Promise<CpuAnalysis> {
  const path = join(folder, "a.cpuprofile");
  await Deno.writeTextFile(path, text);
  return analyzeCpuProfile(readCpuProfile(path), { root: "/dl" });
}

Deno.test("analyzeCpuProfile() counts a function that calls itself once", () =>
  inTempDir(async (folder) => {
    const deltas = SAMPLES.map((_, index) => index === 0 ? 0 : 1000);
    const { busyMs, functions, groups } = await analyze(folder, profileText(NODES, SAMPLES, deltas));
    assertEquals(busyMs, 5);
    const times = functions.map(({ name, line, selfMs, totalMs }) => [name, line, selfMs, totalMs]);
    assertEquals(times, [["work", 5, 2, 5], ["hash", 1, 2, 3], ["op_hash", null, 1, 1]]);
    assertEquals(groups.map(({ group, selfMs, totalMs }) => [group, selfMs, totalMs]), [
      ["lib/base", 2, 3],
      ["lib/transfer", 2, 5],
      ["native", 1, 1],
    ]);
  }));

Deno.test("analyzeCpuProfile() has no shares where all was idle", () =>
  inTempDir(async (folder) => {
    const { busyMs, groups, functions } = await analyze(folder, profileText(NODES, [2, 2], [0, 1000]));
    assertEquals([busyMs, groups, functions.filter(({ selfShare }) => selfShare !== 0)], [0, [], []]);
  }));

Deno.test("flameOfCpuProfile() merges calls of one function by the same caller, without idle time", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.cpuprofile");
    const twice = [
      { id: 1, name: "(root)", children: [2, 3, 4] },
      { id: 2, name: "f", url: ROOM, line: 1, children: [] },
      { id: 3, name: "f", url: ROOM, line: 1, children: [] },
      { id: 4, name: "(idle)" },
    ];
    await Deno.writeTextFile(path, profileText(twice, [2, 3, 4], [0, 1000, 2000]));
    const root = flameOfCpuProfile(readCpuProfile(path), { root: "/dl" });
    assertEquals([root.value, root.children.map(({ name, value }) => [name, value])], [3, [["f", 3]]]);
  }));

Deno.test("a recorded profile names the hot function, its line in TypeScript, and the hot line in it", () =>
  inTempDir(async (folder) => {
    const path = await recordHotProfile(folder);
    const program = join(folder, "hot.ts");
    const profile = readCpuProfile(path);
    const files = await transpileFiles([program, join(folder, "gone.ts")], { root: folder });
    assertEquals([...files.keys()], [pathToFileURL(program).href]);
    const lines = new SourceLines(files, profile.nodes.map(({ frame }) => frame));
    const { functions, groups } = analyzeCpuProfile(profile, { root: folder, lines });
    const [hot] = functions;
    assertEquals([hot!.name, hot!.file, hot!.line, hot!.isTranspiled], ["hotLoop", "hot.ts", 8, false]);
    assertGreater(hot!.selfShare, 0.5);
    assertEquals(hot!.hotLines[0]!.line, 11);
    assertGreater(hot!.hotLines[0]!.share, 0.5);
    assertEquals(groups[0]!.group, "hot.ts");
    const run = functions.find(({ name }) => name === "run");
    assertEquals(run?.line, 23);
    assert(run!.totalMs >= hot!.selfMs);
  }));

Deno.test("SourceLines maps the functions of a profile that has the lines of the JavaScript, as DevTools saves it", () =>
  inTempDir(async (folder) => {
    const program = join(folder, "typed.ts");
    const source = "interface A {\n  x: number;\n}\n\nexport function far(a: A): number {\n  return a.x;\n}\n" +
      "type B = string;\n\nexport function farther(b: B): B {\n  return b;\n}\n";
    await Deno.writeTextFile(program, source);
    const files = await transpileFiles([program], { root: folder });
    const url = pathToFileURL(program).href;
    const { code } = files.get(url)!;
    const frameOf = (text: string, functionName: string) => {
      const line = text.split("\n").findIndex((one) => one.includes(`function ${functionName}(`));
      return { functionName, url, line, column: text.split("\n")[line]!.indexOf(`${functionName}(`) };
    };
    for (const text of [source, code]) {
      const frames = [frameOf(text, "far"), frameOf(text, "farther")];
      const lines = new SourceLines(files, frames);
      assertEquals(frames.map((frame) => lines.lineOfFrame(frame)), [5, 10]);
    }
    assertEquals(frameOf(source, "far").line !== frameOf(code, "far").line, true, "the lines should differ");
  }));

Deno.test("readCpuProfile() reads a million samples across its buffers", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "large.cpuprofile");
    const count = 1_000_000;
    {
      using file = await Deno.create(path);
      const write = (text: string) => file.write(new TextEncoder().encode(text));
      await write(
        '{"nodes":[{"id":1,"callFrame":{"functionName":"f","scriptId":"0","url":"","lineNumber":0,' +
          `"columnNumber":0}}],"startTime":0,"endTime":${count},"samples":[`,
      );
      await write(`${"1,\n    ".repeat(count - 1)}1],"timeDeltas":[${"1,\n    ".repeat(count - 1)}1]}`);
    }
    const { samples, nodes } = readCpuProfile(path);
    assertEquals(samples, count);
    assertNear(nodes[0]!.selfUs, count, 2);
  }));
