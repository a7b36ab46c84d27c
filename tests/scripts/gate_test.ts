import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join, relative } from "node:path";
import type { GateRow } from "../../lib/gate/mod.ts";
import type { GateDocument } from "../../scripts/_gate/gate_document.ts";
import { checkGateReport } from "./_check_gate_report.ts";
import { type GateProject, inGateProject } from "./_gate_project.ts";

async function judge(project: GateProject, ...args: readonly string[]): Promise<readonly [number, GateDocument]> {
  const { code, out, err } = await project.gate("--phase", "1", "--json", ...args);
  if (out === "") throw new Error(err);
  return [code, checkGateReport(out)];
}

function rowOf(report: GateDocument, id: string): GateRow {
  const row = report.rows.find((one) => one.id === id);
  if (row === undefined) throw new Error(`there is no ${id}`);
  return row;
}

Deno.test("gate passes a sound project and exits with 0", () =>
  inGateProject(async (project) => {
    const [code, report] = await judge(project);
    assertEquals(report.rows.map((row) => `${row.id} ${row.verdict}`), [
      ...["format pass", "lint pass", "types pass", "tests pass", "coverage pass", "untested pass"],
    ]);
    assertEquals([code, report.verdict, report.commit.isDirty, report.isPartial], [0, "pass", false, false]);
    assertEquals(rowOf(report, "tests").measured, "0 of 1 failed");
    assertEquals(rowOf(report, "coverage").estimate, 1);
  }));

/** A test that hangs, and started two processes: one that ignores SIGTERM, and one in a session of its own. */
const HANGS = `Deno.test({
  name: "hangs",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () => {
    const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
    for (const name of ["deaf", "far"]) {
      const deaf = name === "deaf" ? "trap '' TERM; " : "";
      const code = deaf + "echo $$ > tmp/" + name + ".pid; sleep 600 & wait";
      const args = ["-c", code + "; while true; do sleep 0.1; done"];
      new Deno.Command("sh", { args, detached: name === "far", ...quiet })
        .spawn().unref();
    }
    return new Promise((wake) => setTimeout(wake, 600_000));
  },
});
`;

/** Whether a process runs; one that nobody has waited for does not. */
async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] }).output();
  return /^[^Z\s]/.test(new TextDecoder().decode(stdout));
}

Deno.test("gate that is interrupted ends soon, leaves a report of what it has judged, and no folders and processes", {
  ignore: Deno.build.os === "windows",
}, () =>
  inGateProject(async (project) => {
    await project.write("tests/hangs_test.ts", HANGS);
    const phases = await Deno.readTextFile(join(project.folder, "config/phases.yml"));
    await project.write("tmp/phases.yml", phases.replace("check: tests,", "check: tests, with: { flags: [-A] },"));
    const trees = await project.git("worktree", "list");
    const words = ["--only", "format,tests,untested", "--phases", "tmp/phases.yml", "--output", "o.json"];
    const child = project.start("--phase", "1", ...words);
    const shown = new Response(child.stderr).text();
    const pidOf = async (name: string) =>
      Number(await Deno.readTextFile(join(project.folder, "tmp", `${name}.pid`)).catch(() => ""));
    const pids = ["deaf", "far"];
    let isOver = false;
    child.status.finally(() => isOver = true);
    const hasBegun = async () => !(await Promise.all(pids.map(pidOf))).includes(0);
    while (!isOver && !await hasBegun()) await new Promise((wake) => setTimeout(wake, 20));
    const start = performance.now();
    child.kill("SIGINT");
    const { code } = await child.status;
    const seconds = (performance.now() - start) / 1000;
    await child.stdout.cancel();
    assertEquals(code, 130, await shown);
    // Without the signal, the tests hang that long.
    assertEquals(seconds < 600, true, `${seconds} s`);
    for (const name of pids) assertEquals([name, await isRunning(await pidOf(name))], [name, false]);
    const report = checkGateReport(await Deno.readTextFile(join(project.folder, "o.json")));
    assertEquals(report.rows.map(({ id, verdict }) => `${id} ${verdict}`), [
      ...["format pass", "tests not evaluated", "untested not evaluated"],
    ]);
    assertEquals([report.isStopped, report.verdict, report.phaseVerdict], [true, "inconclusive", "inconclusive"]);
    const left = await Array.fromAsync(Deno.readDir(join(project.folder, "tmp")), ({ name }) => name);
    assertEquals(left.toSorted(), ["deaf.pid", "far.pid", "phases.yml"]);
    assertEquals(await project.git("worktree", "list"), trees);
  }));

Deno.test("gate reports broken format, lint, types and a test together, in every form", () =>
  inGateProject(async (project) => {
    await project.write("src/half.ts", "export function half(n: number): number {\n  return n / 2\n}\n");
    await project.write("src/loose.ts", "export function loose(): number {\n  debugger;\n  return 1;\n}\n");
    await project.write("src/typed.ts", 'export const typed: number = "no";\n');
    await project.write("tests/bad_test.ts", 'Deno.test("bad <1>", () => {\n  throw new Error("wrong & so");\n});\n');
    const outputs = ["o.json", "o.md"].flatMap((file) => ["--output", file]);
    const { code, out } = await project.gate("--phase", "1", "--only", "format,lint,types,tests", ...outputs);
    assertEquals(code, 1);
    for (const id of ["format", "lint", "types", "tests"]) assertMatch(out, new RegExp(`^fail +${id} `, "m"));
    const read = (file: string) => Deno.readTextFile(join(project.folder, file));
    const { rows } = checkGateReport(await read("o.json"));
    assertEquals(rows.map((row) => row.verdict), ["fail", "fail", "fail", "fail"]);
    const [lint] = rows.find((row) => row.id === "lint")!.problems;
    assertEquals([lint!.file, lint!.line, lint!.column, lint!.rule], ["src/loose.ts", 2, 3, "no-debugger"]);
    const [typed] = rows.find((row) => row.id === "types")!.problems;
    assertEquals([typed!.file, typed!.line, typed!.rule], ["src/typed.ts", 1, "TS2322"]);
    const [test] = rows.find((row) => row.id === "tests")!.problems;
    assertEquals([test!.file, test!.line], ["tests/bad_test.ts", 1]);
    assertStringIncludes(test!.message, '"bad <1>": Uncaught Error: wrong & so');
    assertEquals((await read("o.md")).match(/❌ fail/g)?.length, 4);
  }));

Deno.test("gate fails if only ignored tests run, or if a filter matches none: 0 tests executed", () =>
  inGateProject(async (project) => {
    await project.write("tests/half_test.ts", 'Deno.test.ignore("later", () => {});\n');
    const [code, report] = await judge(project, "--only", "tests,coverage,untested");
    assertEquals([code, rowOf(report, "tests").reason], [1, "0 tests executed, at least 1 required"]);
    assertEquals(rowOf(report, "tests").measured, "0 of 0 failed, 1 ignored");
    for (const id of ["coverage", "untested"]) {
      const { verdict, reason } = rowOf(report, id);
      assertEquals([verdict, reason], ["fail", "0 tests executed, at least 1 required"]);
    }
    await project.write("tests/half_test.ts", 'Deno.test("there", () => {});\n');
    const phases = await Deno.readTextFile(join(project.folder, "config/phases.yml"));
    await project.write(
      "config/phases.yml",
      phases.replace("check: tests,", "check: tests, with: { flags: [--filter=none] },"),
    );
    const own = ["--phases", "config/phases.yml"];
    const [filtered, second] = await judge(project, "--only", "tests", ...own);
    assertEquals([filtered, rowOf(second, "tests").reason], [1, "0 tests executed, at least 1 required"]);
    await Deno.remove(join(project.folder, "tests"), { recursive: true });
    await project.write("config/phases.yml", phases);
    const [none, third] = await judge(project, "--only", "tests,coverage");
    assertEquals([none, rowOf(third, "tests").verdict, rowOf(third, "coverage").verdict], [1, "fail", "fail"]);
  }));

Deno.test("gate fails if source files without tests lower the coverage too far", () =>
  inGateProject(async (project) => {
    const never = Array.from({ length: 49 }, (_, index) => `  n += ${index};`).join("\n");
    await project.write("src/never.ts", `export function never(n: number): number {\n${never}\n  return n;\n}\n`);
    const [code, report] = await judge(project, "--only", "coverage");
    const { verdict, estimate, problems } = rowOf(report, "coverage");
    assertEquals([code, verdict, problems[0]!.file], [1, "fail", "src/never.ts"]);
    assertEquals(estimate! < 0.1, true);
    await Deno.remove(join(project.folder, "src/never.ts"));
    // Nothing of the deleted file remains.
    assertEquals(rowOf((await judge(project, "--only", "coverage"))[1], "coverage").estimate, 1);
  }));

Deno.test("gate names a new file without a test, whatever the coverage", () =>
  inGateProject(async (project) => {
    await project.write("src/fresh.ts", "export function fresh(): number {\n  return 1;\n}\n");
    const passive = [
      'import type { Stats } from "node:fs";',
      "/** A class of types; => nothing runs. */",
      "export type See = (stats: Stats) => void;",
      "export interface Seen {\n  readonly class: string;\n  readonly see?: (text: string) => void;\n}",
      'export { fresh } from "./fresh.ts";\nexport * from "./fresh.ts";\nimport "./fresh.ts";',
    ];
    await project.write("src/passive.ts", `${passive.join("\n")}\n`);
    await project.write("src/value.ts", "export const VALUE = 1;\n");
    const [code, report] = await judge(project, "--only", "untested");
    assertEquals([code, rowOf(report, "untested").problems.map((one) => one.file).sort()], [1, [
      ...["src/fresh.ts", "src/value.ts"],
    ]]);
  }));

Deno.test("gate fails for a test file that cannot be loaded, with the reason", () =>
  inGateProject(async (project) => {
    await project.write("tests/gone_test.ts", 'import "./gone.ts";\n');
    const [code, report] = await judge(project, "--only", "tests");
    assertEquals([code, rowOf(report, "tests").verdict], [1, "fail"]);
    assertStringIncludes(rowOf(report, "tests").problems[0]!.message, "gone.ts");
  }));

Deno.test("gate reports its duration, and --quick skips slow checks", () =>
  inGateProject(async (project) => {
    const { code, out, err } = await project.gate("--phase", "1", "--quick");
    assertEquals(code, 0);
    assertMatch(err, /^tests: pass \(\d+\.\d s\)$/m);
    assertMatch(out, /^5 of 6 conditions of phase 1 \(One\): PASS, 5 pass, \d+\.\d s; not the phase: OPEN$/m);
    assertStringIncludes(out, "Only a part: 1 conditions were not judged");
  }));

Deno.test("gate --quick judges the quick ones of a selection, and refuses one without any", () =>
  inGateProject(async (project) => {
    const [, report] = await judge(project, "--quick", "--only", "format,untested");
    assertEquals(report.rows.map((row) => row.id), ["format"]);
    const { code: usage, err } = await project.gate("--phase", "1", "--quick", "--only", "untested");
    assertEquals(usage, 2);
    assertStringIncludes(err, "the selection contains no condition");
  }));

/** Every file and its content, including git's own. */
async function snapshot(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const entry of walk(folder, { includeDirs: false })) {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(entry.path));
    const { mtime } = await Deno.stat(entry.path);
    found.set(relative(folder, entry.path), `${new Uint8Array(digest).toHex()} ${mtime?.getTime()}`);
  }
  return found;
}

Deno.test("checks writes nothing, not even git's index; --fix repairs what it can", () =>
  inGateProject(async (project) => {
    await project.write("src/half.ts", "export function half(n: number): number {\n    return n / 2\n}\n");
    // A library that was downloaded here is not the project's.
    await project.write("library/.civitai-dl/state/quota.json", '{"version":1}');
    // A file with a new time and old content makes git refresh its index.
    await Deno.utime(join(project.folder, "deno.json"), new Date(), new Date());
    const before = await snapshot(project.folder);
    const { code, out } = await project.checks();
    assertEquals(await snapshot(project.folder), before);
    assertEquals(code, 1);
    assertMatch(out, /^fail +format .*1 of 2 files$/m);
    for (const id of ["lint", "types", "tests", "coverage"]) assertMatch(out, new RegExp(`^pass +${id} `, "m"));
    const fixed = await project.checks("--fix");
    assertEquals(fixed.code, 0, fixed.out);
    assertStringIncludes(await Deno.readTextFile(join(project.folder, "src/half.ts")), "\n  return n / 2;\n");
  }));

Deno.test("gate judges by the conditions of the project, or by those of a file, and then says so", () =>
  inGateProject(async (project) => {
    const strict = await Deno.readTextFile(join(project.folder, "config/phases.yml"));
    await project.write("tmp/loose.yml", strict.replace("check: lint,", "check: format,"));
    await project.write("src/loose.ts", "export function loose(): void {\n  debugger;\n}\n");
    const [code, report] = await judge(project, "--only", "format,lint");
    assertEquals([code, report.rows.map((row) => `${row.id} ${row.verdict}`)], [1, ["format pass", "lint fail"]]);
    assertEquals(report.notes, []);
    const [shown, named] = await judge(project, "--only", "format,lint", "--phases", "tmp/loose.yml");
    assertEquals([shown, rowOf(named, "lint").verdict], [0, "pass"]);
    assertEquals(named.notes, ["The conditions are those of tmp/loose.yml"]);
    assertMatch((await project.gate("explain", "lint", "--phases", "tmp/loose.yml")).out, /From: +check format/);
  }));

Deno.test("gate takes from no configuration file what it judges", () =>
  inGateProject(async (project) => {
    for (const setting of ["only: [format]", "phases: loose.yml", "target: work", "quick: true"]) {
      await project.write("civitai-dl.yml", `gate:\n  ${setting}\n`);
      const { code, err } = await project.gate("--phase", "1");
      assertEquals([setting, code], [setting, 2], err);
      assertMatch(err, /^error: Cannot use civitai-dl\.yml:1:1: "gate" is a task of a checkout, and has no settings$/m);
    }
  }));

Deno.test("gate with --only judges a part, and never says that the phase passes", () =>
  inGateProject(async (project) => {
    const outputs = ["o.json", "o.md", "o.html"].flatMap((file) => ["--output", file]);
    const { code, out } = await project.gate("--phase", "1", "--only", "format", ...outputs);
    assertEquals(code, 0);
    assertMatch(out, /^1 of 6 conditions of phase 1 \(One\): PASS, 1 pass, [\d.]+ s; not the phase: OPEN$/m);
    const read = (file: string) => Deno.readTextFile(join(project.folder, file));
    const { verdict, phaseVerdict } = checkGateReport(await read("o.json"));
    assertEquals([verdict, phaseVerdict], ["pass", "inconclusive"]);
    assertStringIncludes(await read("o.md"), "# 1 of 6 conditions of phase 1 (One): pass\n");
    assertStringIncludes(await read("o.html"), "<title>1 of 6 conditions of phase 1 (One)");
    for (const file of ["o.md", "o.html"]) {
      assertEquals(/Gate of phase|Phase 1 \(/.test(await read(file)), false);
    }
  }));
