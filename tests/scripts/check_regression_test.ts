import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { command } from "../../scripts/check_regression.ts";
import { inRepository } from "../helpers/repository/fixture_repository.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { steady, writeBenchFile, writeSession } from "./_bench_file.ts";
import { commitNumbers, numbers } from "../helpers/repository/bench_repository.ts";
import { callCommand } from "../helpers/call_command.ts";

const check = (baseline: string, current: string, ...more: readonly string[]) =>
  callCommand(command, ["--baseline", baseline, "--current", current, ...more]);

const judge = (path: string, ...more: readonly string[]) => callCommand(command, ["--current", path, ...more]);

Deno.test("check-regression passes proven results of one session, fails slower ones, and is inconclusive otherwise", () =>
  inTempDir(async (folder) => {
    const base = [steady("fetch", 1), steady("hash", 2)];
    const against = (name: string, seconds: number) =>
      writeSession(folder, name, [base, [steady("fetch", seconds), steady("hash", 2)]]);
    assertEquals((await judge(await against("same.json", 1.02))).code, 0);
    const slow = await against("slow.json", 1.08);
    const failed = await judge(slow, "--json");
    assertEquals(failed.code, 1);
    const { verdict, claims } = JSON.parse(failed.out);
    assertEquals([verdict, claims[0].id, claims[0].verdict, claims[0].trials], ["fail", "slowdown:fetch", "fail", 20]);
    assertEquals(claims[1].verdict, "pass");
    assertEquals((await judge(slow, "--threshold", "0.1")).code, 0);
    const named = await check(slow, slow);
    assertEquals([named.code, named.out.includes("The two sides of one report are compared: v1 and main.")], [1, true]);
    const wild = {
      ...steady("fetch", 1),
      samples: steady("fetch", 1).samples.map((value, i) => value * (0.8 + (i % 5) * 0.1)),
    };
    const open = await judge(await writeSession(folder, "loud.json", [[wild, steady("hash", 2)], base]));
    assertEquals(open.code, 3, open.out);
    assertMatch(open.out, /: inconclusive\n[^]*inconclusive +slowdown:fetch /);
  }));

Deno.test("check-regression never decides from two reports of two sessions, and says how to measure both in turn", () =>
  inTempDir(async (folder) => {
    const base = await writeBenchFile(folder, "base.json", [steady("fetch", 1)]);
    for (const seconds of [0.5, 1, 2]) {
      const commit = { sha: "2".repeat(40), isDirty: false, ref: "" };
      const other = await writeBenchFile(folder, "other.json", [steady("fetch", seconds)], { commit });
      const { code, out, err } = await check(base, other);
      assertEquals(code, 3, out + err);
      assertStringIncludes(out, "No verdict: the two were measured in different sessions.");
      assertMatch(out, /^ +inconclusive +slowdown:fetch +\d.*≤ 1\.05 times/m);
      const { claims } = JSON.parse((await check(base, other, "--json")).out);
      assertEquals(claims[0].verdict, "inconclusive");
      const words = `--baseline ${"1".repeat(12)} --current ${"2".repeat(12)}`;
      assertStringIncludes(out, `For a verdict, measure both in turn: deno task check-regression ${words}\n`);
    }
    // Without the order of its runs, a report does not show that its sides took turns.
    const joined = await writeBenchFile(folder, "joined.json", [steady("fetch", 2)], {
      baselineBenchmarks: [steady("fetch", 1)],
    });
    assertEquals((await judge(joined)).code, 3);
  }));

Deno.test("check-regression truncates neither names nor bounds", () =>
  inTempDir(async (folder) => {
    const name =
      "transfer: hash behind a file that is being written while others are, too, and longer than any terminal";
    const path = await writeBenchFile(folder, "long.json", [steady(name, 1)]);
    const { out } = await check(path, path);
    assertStringIncludes(out, `slowdown:${name}`);
    assertMatch(out, /\d\.\d{2,} to \d\.\d{2,} times at 95\.\d %/);
  }));

Deno.test("check-regression fails for missing benchmarks, not for new ones", () =>
  inTempDir(async (folder) => {
    const both = [steady("fetch", 1), steady("hash", 2)];
    const one = [steady("fetch", 1)];
    const less = await judge(await writeSession(folder, "less.json", [both, one]));
    assertEquals(less.code, 1);
    assertMatch(less.out, /fail +slowdown:hash .*the candidate does not have it/);
    assertEquals((await judge(await writeSession(folder, "more.json", [one, both]))).code, 0);
  }));

Deno.test("check-regression of reports of different machines exits with 3, and shows both if that is allowed", () =>
  inTempDir(async (folder) => {
    const here = await writeBenchFile(folder, "here.json", [steady("fetch", 1)]);
    const machine = { cpu: "another", cores: 16, memoryBytes: 2 ** 34, kernel: "linux 6", arch: "x86_64" };
    const there = await writeBenchFile(folder, "there.json", [steady("fetch", 1)], { machine });
    const refused = await check(here, there);
    assertEquals(refused.code, 3);
    assertStringIncludes(refused.err, "processor: one and another; cores: 2 and 16");
    const runtime = { name: "civitai-dl", version: "1.0.0", deno: "2.8.0", v8: "14" };
    assertEquals(
      (await check(here, await writeBenchFile(folder, "old.json", [steady("fetch", 1)], { tool: runtime }))).code,
      3,
    );
    const allowed = await check(here, there, "--allow-env-mismatch");
    assertEquals(allowed.code, 3, allowed.err);
    assertStringIncludes(allowed.out, "Not the same environment: cores: 2 and 16.");
  }));

Deno.test("check-regression is inconclusive for a scaled-down report", () =>
  inTempDir(async (folder) => {
    const full = await writeBenchFile(folder, "full.json", [steady("fetch", 1)]);
    const reservation = "the work is scaled by 0.02";
    for (const seconds of [1, 2]) {
      const small = await writeBenchFile(folder, "small.json", [steady("fetch", seconds)], { reservation });
      for (const [first, second] of [[full, small], [small, full]] as const) {
        const { code, out, err } = await check(first, second);
        assertEquals(code, 3, err);
        assertMatch(out, /: inconclusive\n[^]*No verdict: the work is scaled by 0\.02\.\n/);
      }
    }
    const odd = await writeBenchFile(folder, "odd.json", [steady("fetch", 1)], { reservation: 7 as unknown as string });
    assertStringIncludes((await check(full, odd)).err, '"reservation" cannot be 7');
  }));

Deno.test("check-regression refuses a report that is truncated or of another kind", () =>
  inTempDir(async (folder) => {
    const good = await writeBenchFile(folder, "good.json", [steady("fetch", 1)]);
    const text = await Deno.readTextFile(good);
    const write = async (name: string, content: string) => {
      await Deno.writeTextFile(join(folder, name), content);
      return join(folder, name);
    };
    const negative = { ...steady("fetch", 1), samples: [1, -1] };
    const header = JSON.parse(text);
    const cases: readonly (readonly [path: string, code: number, said: string])[] = [
      [
        await write("infinite.json", text.replace('"samples":[1,', '"samples":[1e999,')),
        2,
        "benchmarks[0].samples[0]",
      ],
      [await write("cut.json", text.slice(0, 900)), 7, "it may be truncated"],
      [await write("text.json", "all fine"), 7, "it is not JSON"],
      [
        await write("schema.json", JSON.stringify({ ...header, schema: "civitai-dl/stability" })),
        2,
        "stability",
      ],
      [await write("version.json", JSON.stringify({ ...header, version: 2 })), 7, "version"],
      [await writeBenchFile(folder, "negative.json", [negative]), 2, "benchmarks[0].samples[1]"],
      [await write("none.json", JSON.stringify({ ...header, benchmarks: 7 })), 2, "is not an array"],
      [join(folder, "gone.json"), 2, "no such file"],
      [folder, 2, "one is a report, the other a commit"],
    ];
    for (const [path, code, said] of cases) {
      const called = await check(good, path);
      assertEquals([path, called.code], [path, code], called.err);
      assertStringIncludes(called.err, said);
      assertStringIncludes(called.err, `"${path}"`);
    }
    assertEquals((await check(good, good, "--threshold", "NaN")).code, 2);
    assertStringIncludes((await callCommand(command, ["--baseline", good])).err, "--current is missing");
    assertEquals(
      (await check(await writeBenchFile(folder, "empty.json", []), await writeBenchFile(folder, "empty2.json", [])))
        .code,
      2,
    );
  }));

Deno.test("check-regression of two commits measures both", () =>
  inRepository(async (fixture) => {
    await commitNumbers(fixture, numbers(1));
    await fixture.git("branch", "before");
    await commitNumbers(fixture, numbers(1.2));
    const more = ["--threshold=0.05", "--repo", fixture.root, "--command", "sh bench.sh"];
    const slower = await check("before", "HEAD", ...more, "--json");
    assertEquals(slower.code, 1, slower.err);
    const { verdict, claims } = JSON.parse(slower.out);
    assertEquals([verdict, claims[0].id, claims[0].trials], ["fail", "slowdown:fetch", 20]);
    assertEquals((await check("HEAD", "before", ...more)).code, 0);
    const gone = await check("before", "no-such-branch", ...more);
    assertEquals(gone.code, 2, gone.err);
    assertStringIncludes(gone.err, "no-such-branch");
  }));
