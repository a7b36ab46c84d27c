import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type BenchDocument,
  COMPARE_SCHEMA,
  PHASE_SCHEMA,
  readBenchDocument,
} from "../../lib/bench/document/bench_document.ts";
import { chooseNewest } from "../../scripts/_bench/newest_reports.ts";
import { command } from "../../scripts/benchmark_report.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { steady, writeBenchFile } from "./_bench_file.ts";
import { callCommand } from "../helpers/call_command.ts";

Deno.test("benchmark-report writes a page, Markdown, JSON and the step summary", () =>
  inTempDir(async (folder) => {
    const path = await writeBenchFile(folder, "compare.json", [steady("fetch", 1.2), steady("<b>", 3e-6)], {
      baselineBenchmarks: [steady("fetch", 1), steady("<b>", 3e-6), steady("lost", 1)],
    });
    const names = ["page.html", "page.md", "reports.json"].map((name) => join(folder, name));
    const summary = join(folder, "summary.md");
    const words = [path, ...names.flatMap((name) => ["--output", name])];
    const { code, out, err } = await callCommand(command, words, { GITHUB_STEP_SUMMARY: summary });
    assertEquals(code, 0, err);
    assertMatch(out, /fail +slowdown:fetch /);
    const [html, markdown, json] = await Promise.all(names.map((name) => Deno.readTextFile(name)));
    assertStringIncludes(html!, "<svg");
    assertStringIncludes(html!, "baseline v1");
    assertEquals(html!.includes("<b>"), false);
    assertMatch(markdown!, /## fetch: fail/);
    assertStringIncludes(markdown!, "3.01 µs");
    const { benchmarks } = await readBenchDocument(path);
    assertEquals(JSON.parse(json!).reports.map((one: BenchDocument) => one.benchmarks), [benchmarks]);
    assertEquals(await Deno.readTextFile(summary), markdown);
  }));

Deno.test("benchmark-report tells what the runs do not decide from what was not measured", () =>
  inTempDir(async (folder) => {
    const wild = {
      ...steady("fetch", 1),
      samples: steady("fetch", 1).samples.map((s, i) => s * (0.8 + (i % 5) * 0.1)),
    };
    const compared = await writeBenchFile(folder, "a.json", [wild], { baselineBenchmarks: [steady("fetch", 1)] });
    assertMatch((await callCommand(command, [compared])).out, /inconclusive +slowdown:fetch +\d/);
    for (const [name, said] of [["mixed: time", "inconclusive"], ["mixed: memory", "not evaluated"]] as const) {
      const phase = await writeBenchFile(folder, "b.json", [{ ...wild, name }], {
        schema: PHASE_SCHEMA,
        baselineBenchmarks: [steady(name, 2)],
        required: [{ benchmark: "mixed: time", isOverPrevious: false, limit: { op: ">=", value: 2 } }],
      });
      assertMatch((await callCommand(command, [phase])).out, new RegExp(`${said} +speed_up:main:mixed: time`));
    }
  }));

Deno.test("chooseNewest() takes the newest report, and the other phases of its commit", () =>
  inTempDir(async (folder) => {
    const read = async (name: string, schema: string, target: string, day: number, sha: string) =>
      await readBenchDocument(
        await writeBenchFile(folder, `${name}.json`, [steady("fetch", 1)], {
          schema,
          target: { name: target, sha },
          commit: { sha, isDirty: false, ref: "main" },
          startedAt: `2026-11-0${day}T10:00:00.000Z`,
        }),
      );
    const one = "1".repeat(40);
    const two = "2".repeat(40);
    const compare = await read("a", COMPARE_SCHEMA, "main", 1, one);
    const older = await read("b", PHASE_SCHEMA, "phase 2", 2, one);
    const again = await read("c", PHASE_SCHEMA, "phase 2", 3, one);
    const other = await read("d", PHASE_SCHEMA, "phase 3", 4, one);
    const elsewhere = await read("e", PHASE_SCHEMA, "phase 4", 2, two);
    assertEquals(chooseNewest([other, compare, again, older, elsewhere]), [again, other]);
    const last = await read("f", COMPARE_SCHEMA, "main", 5, one);
    assertEquals(chooseNewest([last, other, compare]), [last]);
    assertEquals(chooseNewest([]), []);
  }));

Deno.test("benchmark-report without a file shows the newest of reports/", () =>
  inTempDir(async (folder) => {
    const script = fileURLToPath(new URL("../../scripts/benchmark_report.ts", import.meta.url));
    const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
    const run = async () => {
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-prompt", "-P=benchmark", "--config", config, script, "--output", "report.md"],
        cwd: folder,
      }).output();
      return { code, err: new TextDecoder().decode(stderr) };
    };
    const none = await run();
    assertEquals(none.code, 2);
    assertStringIncludes(none.err, "there is no benchmark report in reports/");
    const reports = join(folder, "reports");
    await Deno.mkdir(reports);
    await Deno.writeTextFile(join(reports, "stability.json"), '{"schema":"civitai-dl/stability"}');
    await Deno.writeTextFile(join(reports, "broken.json"), "{");
    await writeBenchFile(reports, "old.json", [steady("old", 1)], { startedAt: "2026-10-01T10:00:00.000Z" });
    await writeBenchFile(reports, "new.json", [steady("new", 1)]);
    const found = await run();
    assertEquals(found.code, 0, found.err);
    const markdown = await Deno.readTextFile(join(folder, "report.md"));
    assertStringIncludes(markdown, "## new: ");
    assertEquals(markdown.includes("## old:"), false);
  }));

Deno.test("benchmark-report of several reports shows their history, oldest first", () =>
  inTempDir(async (folder) => {
    const at = (day: number) => ({
      startedAt: `2026-11-0${day}T10:00:00.000Z`,
      commit: { sha: String(day).repeat(40), isDirty: false, ref: "main" },
    });
    const newer = await writeBenchFile(folder, "b.json", [steady("fetch", 1.1), steady("new", 1)], at(2));
    const older = await writeBenchFile(folder, "a.json", [steady("fetch", 1)], at(1));
    const page = join(folder, "history.html");
    const { code, out, err } = await callCommand(command, [newer, older, "--output", page]);
    assertEquals(code, 0, err);
    assertMatch(out, /fetch [^]*2026-11-01 111111111[^]*2026-11-02 222222222[^]*new [^]*not there/);
    const html = await Deno.readTextFile(page);
    assertEquals(html.match(/<svg/g)!.length, 2);
    assertStringIncludes(html, "a history and no comparison");
  }));

Deno.test("benchmark-report compares phases of one commit, judged by their promises", () =>
  inTempDir(async (folder) => {
    const phase = async (number: number, seconds: number, limit: number, sha = "1") =>
      await writeBenchFile(
        folder,
        `${number}${sha}.json`,
        [steady("mixed: time", seconds), steady("mixed: memory", 9)],
        {
          schema: PHASE_SCHEMA,
          target: { name: `phase ${number}`, sha: "" },
          baseline: { name: "phase 1", sha: "" },
          commit: { sha: sha.repeat(40), isDirty: false, ref: "main" },
          baselineBenchmarks: [steady("mixed: time", 6), steady("mixed: memory", 3)],
          required: [{ benchmark: "mixed: time", isOverPrevious: false, limit: { op: ">=", value: limit } }],
        },
      );
    const three = await phase(3, 3, 1.2);
    const four = await phase(4, 4, 2);
    const markdown = join(folder, "phases.md");
    // Their order on the command line does not matter.
    const { code, out, err } = await callCommand(command, [four, three, "--output", markdown]);
    assertEquals(code, 0, err);
    assertMatch(
      out,
      / pass +speed_up:phase 3:mixed: time +2, .*≥ 1\.20 .*\n +fail +speed_up:phase 4:mixed: time +1\.5/,
    );
    // No promise was made about three times the memory.
    assertMatch(out, /^mixed: memory: no verdict$/m);
    assertStringIncludes(await Deno.readTextFile(markdown), "# phase 3, phase 4 against phase 1\n");
    const look = await writeBenchFile(folder, "look.json", [steady("mixed: time", 4)], {
      schema: PHASE_SCHEMA,
      reservation: "the work is scaled by 0.05",
      notes: ["No verdict: the work is scaled by 0.05."],
      required: [{ benchmark: "mixed: time", isOverPrevious: false, limit: { op: ">=", value: 2 } }],
    });
    assertMatch(
      (await callCommand(command, [look])).out,
      /No verdict: the work is scaled by 0\.05[^]*inconclusive +speed_up/,
    );
    const other = await phase(4, 3, 2, "2");
    assertStringIncludes((await callCommand(command, [three, other])).out, "over time");
  }));

Deno.test("benchmark-report refuses invalid reports and unknown extensions", () =>
  inTempDir(async (folder) => {
    const path = await writeBenchFile(folder, "compare.json", [steady("fetch", 1)]);
    const page = join(folder, "pages", "page.html");
    assertEquals((await callCommand(command, [path, "--output", page])).code, 0);
    assertStringIncludes(await Deno.readTextFile(page), "<svg");
    assertEquals((await callCommand(command, [path, "--output", join(path, "page.html")])).code, 2);
    assertEquals((await callCommand(command, [])).code, 2);
    assertEquals((await callCommand(command, [join(folder, "gone.json")])).code, 2);
    assertStringIncludes((await callCommand(command, [path, "--output", "x.pdf"])).err, '"x.pdf"');
  }));

Deno.test("benchmark-report refuses a report that is truncated or of another kind", () =>
  inTempDir(async (folder) => {
    const text = await Deno.readTextFile(await writeBenchFile(folder, "good.json", [steady("fetch", 1)]));
    const write = async (name: string, content: string) => {
      await Deno.writeTextFile(join(folder, name), content);
      return join(folder, name);
    };
    const negative = { ...steady("fetch", 1), samples: [1, -1] };
    const header = JSON.parse(text);
    const odd = { reservation: 7 as unknown as string };
    const cases: readonly (readonly [path: string, code: number, said: string])[] = [
      [
        await write("infinite.json", text.replace('"samples":[1,', '"samples":[1e999,')),
        2,
        '"benchmarks[0].samples[0]" cannot be',
      ],
      [await write("cut.json", text.slice(0, 900)), 7, "it may be truncated"],
      [await write("text.json", "all fine"), 7, "it is not JSON"],
      [await write("schema.json", JSON.stringify({ ...header, schema: "civitai-dl/stability" })), 2, "stability"],
      [await write("version.json", JSON.stringify({ ...header, version: 2 })), 7, "version"],
      [await writeBenchFile(folder, "negative.json", [negative]), 2, "benchmarks[0].samples[1]"],
      [await writeBenchFile(folder, "odd.json", [steady("fetch", 1)], odd), 2, '"reservation" cannot be 7'],
      [await write("none.json", JSON.stringify({ ...header, benchmarks: 7 })), 2, "is not an array"],
      [await writeBenchFile(folder, "empty.json", []), 2, "it holds no benchmarks"],
      [join(folder, "gone.json"), 2, "no such file"],
    ];
    for (const [path, code, said] of cases) {
      const called = await callCommand(command, [path]);
      assertEquals([path, called.code], [path, code], called.err);
      assertStringIncludes(called.err, said);
      assertStringIncludes(called.err, `"${path}"`);
    }
  }));

Deno.test("benchmark-report truncates neither names nor bounds, and a reservation leaves every claim open", () =>
  inTempDir(async (folder) => {
    const name =
      "transfer: hash behind a file that is being written while others are, too, and longer than any terminal";
    const long = await callCommand(command, [await writeBenchFile(folder, "long.json", [steady(name, 1)])]);
    assertStringIncludes(long.out, `slowdown:${name}`);
    assertMatch(long.out, /\d\.\d{2,} to \d\.\d{2,} times at 95\.\d %/);
    const reservation = "it was stopped after 3 of 20 rounds";
    for (const seconds of [1, 2]) {
      const stopped = await writeBenchFile(folder, "stopped.json", [steady("fetch", seconds)], { reservation });
      assertMatch((await callCommand(command, [stopped])).out, /inconclusive +slowdown:fetch /);
    }
  }));
