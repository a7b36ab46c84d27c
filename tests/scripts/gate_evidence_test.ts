import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { GateRow } from "../../lib/gate/mod.ts";
import { DAY_MS, evidenceText } from "../helpers/evidence/gate_evidence.ts";
import { checkGateReport } from "./_check_gate_report.ts";
import { type GateProject, inGateProject } from "./_gate_project.ts";

/** A report of a day's run that ended a minute ago. */
function report(sha: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const [start, end] = [Date.now() - DAY_MS - 60_000, Date.now() - 60_000].map((at) => new Date(at).toISOString());
  return evidenceText({
    startedAt: start!,
    endedAt: end!,
    commit: { sha, isDirty: false, ref: "main" },
    claims: [{ id: "timeout_rate", events: 0, trials: 900, verdict: "pass" }],
    ...changes,
  });
}

async function judgeDay(project: GateProject, text: string): Promise<readonly [number, GateRow]> {
  await project.write("reports/soak-1.json", text);
  const { code, out, err } = await project.gate("--phase", "2", "--json");
  if (out === "") throw new Error(err);
  return [code, checkGateReport(out).rows[0]!];
}

Deno.test("gate accepts a day's report of this commit until a source changes; other files do not matter", () =>
  inGateProject(async (project) => {
    const sha = await project.git("rev-parse", "HEAD");
    assertEquals((await judgeDay(project, report(sha)))[0], 0);
    await project.write("README.md", "new\n");
    await project.commit();
    assertEquals((await judgeDay(project, report(sha)))[0], 0);
    await project.write(
      "src/half.ts",
      "/** Half. */\nexport function half(n: number): number {\n  return n * 0.5;\n}\n",
    );
    const [dirty, changed] = await judgeDay(project, report(sha));
    assertEquals([dirty, changed.verdict], [3, "not evaluated"]);
    assertStringIncludes(changed.reason, "these sources have changed since: src/half.ts");
    await project.commit();
    assertEquals((await judgeDay(project, report(sha)))[0], 3);
    await project.git("checkout", "-q", sha, "--", "src");
    await project.write("src/new.ts", "export const one = 1;\n");
    const [, added] = await judgeDay(project, report(sha));
    assertStringIncludes(added.reason, "src/new.ts");
  }));

Deno.test("gate accepts a report if deno.json changed in its version alone, as it does at each stage of a release", () =>
  inGateProject(async (project) => {
    const phases = await Deno.readTextFile(join(project.folder, "config/phases.yml"));
    await project.write("config/phases.yml", phases.replace("sources: [src]", "sources: [src, deno.json]"));
    const config = await Deno.readTextFile(join(project.folder, "deno.json"));
    await project.write("deno.json", config.replace("{", '{\n  "version": "1.1.0-rc.1",'));
    const sha = await project.commit();
    await project.write("deno.json", config.replace("{", '{\n  "version": "1.1.0",'));
    await project.commit();
    const [same, kept] = await judgeDay(project, report(sha));
    assertEquals([same, kept.reason], [0, ""]);
    await project.write("deno.json", config.replace("{", '{\n  "version": "1.1.0", "unstable": ["kv"],'));
    const [code, row] = await judgeDay(project, report(sha));
    assertEquals([code, row.verdict], [3, "not evaluated"]);
    assertStringIncludes(row.reason, "these sources have changed since: deno.json");
  }));

Deno.test("gate accepts a report while the sources of its kind are unchanged", () =>
  inGateProject(async (project) => {
    const phases = await Deno.readTextFile(join(project.folder, "config/phases.yml"));
    await project.write(
      "config/phases.yml",
      phases.replace("phases:", "sourcesOf: { test/soak: [src/soak] }\nphases:"),
    );
    await project.write("src/soak/run.ts", "export const one = 1;\n");
    await project.commit();
    const sha = await project.git("rev-parse", "HEAD");
    await project.write("src/other.ts", "export const two = 2;\n");
    assertEquals((await judgeDay(project, report(sha)))[0], 0);
    await project.write("src/soak/run.ts", "export const one = 2;\n");
    const [code, row] = await judgeDay(project, report(sha));
    assertEquals([code, row.verdict], [3, "not evaluated"]);
    assertStringIncludes(row.reason, "these sources have changed since: src/soak/run.ts");
  }));

Deno.test("gate fails with the reason for a truncated report or one of 23 h 59 m, and evaluates no foreign one", () =>
  inGateProject(async (project) => {
    const sha = await project.git("rev-parse", "HEAD");
    const good = report(sha);
    const dirty = report(sha, { commit: { sha, isDirty: true, ref: "" } });
    for (
      const [text, verdict, reason] of [
        [good.slice(0, -20), "fail", "it may be truncated"],
        [report(sha, { actualMs: DAY_MS - 60_000 }), "fail", "it lasted 23h 59m, less than the required 1d"],
        [report("c".repeat(40)), "not evaluated", "its commit ccccccccc is unknown in this repository"],
        [dirty, "not evaluated", "it was made with uncommitted changes to commit"],
        [report(sha, { version: 9 }), "not evaluated", "its version is 9"],
      ] as const
    ) {
      const [code, row] = await judgeDay(project, text);
      assertEquals([code, row.verdict], [verdict === "fail" ? 1 : 3, verdict], reason);
      assertStringIncludes(row.reason, reason);
      assertEquals(row.command, "make day");
    }
  }));

Deno.test("gate reports a truncated report beside a valid one", () =>
  inGateProject(async (project) => {
    const sha = await project.git("rev-parse", "HEAD");
    await project.write("reports/soak-2.json", report(sha).slice(0, -20));
    assertEquals((await judgeDay(project, report(sha)))[0], 0);
    const { out } = await project.gate("--phase", "2");
    assertMatch(out, /^day: passed over reports\/soak-2\.json: .*it may be truncated/m);
  }));

Deno.test("gate exits with 3 for missing, stale or foreign evidence: neither pass nor failure", () =>
  inGateProject(async (project) => {
    const { code, out } = await project.gate("--phase", "2");
    assertEquals(code, 3);
    assertMatch(out, /^not evaluated +day /m);
    assertStringIncludes(out, "there is no report of test/soak");
    assertStringIncludes(out, "to produce it: make day");
    const sha = await project.git("rev-parse", "HEAD");
    const [start, end] = [Date.now() - 16 * DAY_MS, Date.now() - 15 * DAY_MS].map((at) => new Date(at).toISOString());
    assertEquals((await judgeDay(project, report(sha, { startedAt: start, endedAt: end })))[0], 3);
    assertEquals((await judgeDay(project, report(sha, { schema: "test/other" })))[0], 3);
    assertEquals((await judgeDay(project, report(sha, { claims: [] })))[0], 3);
  }));

Deno.test("gate exits with 3 without git, because it cannot match a report to a commit", () =>
  inGateProject(async (project) => {
    const sha = await project.git("rev-parse", "HEAD");
    await Deno.remove(join(project.folder, ".git"), { recursive: true });
    const [code, row] = await judgeDay(project, report(sha));
    assertEquals([code, row.verdict], [3, "inconclusive"]);
    assertStringIncludes(row.reason, "there is no git repository to compare its commit with");
  }));

Deno.test("gate exits with 2 for an invalid phase, key, folder or extension", () =>
  inGateProject(async (project) => {
    for (
      const [args, reason] of [
        [["--phase", "9"], 'Cannot find phase "9"'],
        [[], "give --phase"],
        [["--phase", "2", "--only", "dya"], "has no such condition"],
        [["--phase", "2", "--evidence", "nowhere"], "no such folder"],
        [["--phase", "2", "--output", "x.pdf"], "its extension is not a report format"],
        [["--phase", "2", "--phases", "none.yml"], "no such file"],
        [["explain", "dya"], 'Did you mean "day"?'],
        [["explain"], "give the condition's ID"],
      ] as const
    ) {
      const { code, err } = await project.gate(...args);
      assertEquals(code, 2, reason);
      assertStringIncludes(err, reason);
    }
    const phases = await Deno.readTextFile(join(project.folder, "config/phases.yml"));
    await project.write("config/phases.yml", phases.replace("claims:", "clamis:"));
    const { code, err } = await project.gate("--phase", "2", "--phases", "config/phases.yml");
    assertEquals(code, 2);
    assertMatch(err, /config\/phases\.yml:\d+:9: unknown key "clamis"/);
    assertStringIncludes(err, 'Did you mean "claims"?');
  }));

Deno.test("gate appends to the step summary if there is one", () =>
  inGateProject(async (project) => {
    const summary = join(project.folder, "summary.md");
    const { code } = await project.gateWith({ GITHUB_STEP_SUMMARY: summary }, "--phase", "2");
    assertEquals(code, 3);
    assertStringIncludes(await Deno.readTextFile(summary), "| `day` A day |");
  }));

Deno.test("gate keeps its result and exit code if it cannot write the step summary", () =>
  inGateProject(async (project) => {
    for (const summary of [join(project.folder, "gone", "summary.md"), project.folder]) {
      for (const [phase, only, ends] of [["1", "format", 0], ["2", "day", 3]] as const) {
        const words = ["--phase", phase, "--only", only];
        const { code, out, err } = await project.gateWith({ GITHUB_STEP_SUMMARY: summary }, ...words);
        assertEquals(code, ends, err);
        assertStringIncludes(out, only);
        assertStringIncludes(err, `Cannot write the step summary "${summary}": `);
      }
    }
  }));
