import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { command } from "../../scripts/benchmark_report.ts";
import { inTempDir } from "../library/_temp_dir.ts";
import { steady, writeBenchFile } from "./_bench_file.ts";
import { callCommand } from "./_call_command.ts";

Deno.test("benchmark-report writes a page, Markdown, JUnit, entries for a history, and the step summary", () =>
  inTempDir(async (folder) => {
    const path = await writeBenchFile(folder, "compare.json", [steady("fetch", 1.2), steady("<b>", 3e-6)], {
      baselineBenchmarks: [steady("fetch", 1), steady("<b>", 3e-6), steady("lost", 1)],
    });
    const names = ["page.html", "page.md", "junit.xml", "entries.json"].map((name) => join(folder, name));
    const summary = join(folder, "summary.md");
    const words = [path, ...names.flatMap((name) => ["--output", name])];
    const { code, out, err } = await callCommand(command, words, { GITHUB_STEP_SUMMARY: summary });
    assertEquals(code, 0, err);
    assertMatch(out, /fetch .*regression/);
    const [html, markdown, junit, entries] = await Promise.all(names.map((name) => Deno.readTextFile(name)));
    assertStringIncludes(html!, "<svg");
    assertStringIncludes(html!, "baseline v1");
    assertEquals(html!.includes("<b>"), false);
    assertMatch(markdown!, /## fetch: \(main against v1\) \(regression\)/);
    assertStringIncludes(markdown!, "3.01 µs");
    assertMatch(junit!, /tests="3" failures="2" errors="0"/);
    assertMatch(junit!, /<failure message="regression: 1\.200 times the baseline/);
    const [first] = JSON.parse(entries!);
    assertEquals([first.name, first.unit, Object.keys(first).sort()], [
      "fetch",
      "seconds",
      ["extra", "name", "range", "unit", "value"],
    ]);
    assertEquals(await Deno.readTextFile(summary), markdown);
  }));

Deno.test("benchmark-report of several reports is their history, oldest first", () =>
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

Deno.test("benchmark-report refuses what is no report, and endings that it does not know", () =>
  inTempDir(async (folder) => {
    const path = await writeBenchFile(folder, "compare.json", [steady("fetch", 1)]);
    assertEquals((await callCommand(command, [])).code, 2);
    assertEquals((await callCommand(command, [join(folder, "gone.json")])).code, 2);
    assertStringIncludes((await callCommand(command, [path, "--output", "x.pdf"])).err, '"x.pdf"');
  }));
