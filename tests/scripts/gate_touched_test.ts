import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkGateReport } from "./_check_gate_report.ts";
import { type GateProject, inGateProject } from "./_gate_project.ts";

const PHASES = `version: 1
phases:
  - name: 1
    title: One
    conditions:
      - { id: touched, title: Touched, check: touched-tests, require: "= 0", quick: true }
`;
const testOf = (room: string, name: string, value: number) =>
  `import { ${name} } from "../../lib/${room}/mod.ts";\n\nDeno.test("${name}", () => {\n` +
  `  if (${name}() !== ${value}) throw new Error("no ${name}");\n});\n`;

/** Two rooms, of which the upper one imports the lower one, and a third by itself. */
async function writeRooms({ write, git, commit }: GateProject): Promise<void> {
  await write("config/phases.yml", PHASES);
  await write("deno.json", '{ "version": "1.0.0", "test": { "include": ["tests"] } }\n');
  await write("lib/low/mod.ts", "export const low = () => 1;\n");
  await write("lib/high/mod.ts", 'import { low } from "../low/mod.ts";\nexport const high = () => low() + 1;\n');
  await write("lib/other/mod.ts", "export const other = () => 3;\n");
  await write("tests/low/low_test.ts", testOf("low", "low", 1));
  await write("tests/high/high_test.ts", testOf("high", "high", 2));
  await write("tests/other/other_test.ts", testOf("other", "other", 3));
  await commit();
  await git("tag", "-m", "v1.0.0", "v1.0.0");
}

async function judgeQuick(project: GateProject) {
  const { code, out, err } = await project.gate("--phase", "1", "--quick", "--json");
  if (out === "") throw new Error(err);
  const [row] = checkGateReport(out).rows;
  return { code, row: row!, measured: row!.measured.replace(/[0-9a-f]{9}$/, "…") };
}

Deno.test("gate --quick runs the tests of the rooms that a branch touched and of those that import them, and says which", () =>
  inGateProject(async (project) => {
    const { write, git, commit } = project;
    await writeRooms(project);
    await git("checkout", "-q", "-b", "hotfix/x");
    await write("lib/low/mod.ts", "export const low = () => 1.0;\n");
    await commit();
    const sound = await judgeQuick(project);
    assertEquals([sound.code, sound.measured], [0, "0 of 2 failed: low; high, which import them; since …"]);
    // Nobody changed the test, and the room itself still keeps its promise.
    await write("lib/low/mod.ts", "export const low = () => (new Error().stack?.includes('high') ? 5 : 1);\n");
    await commit();
    const broken = await judgeQuick(project);
    assertEquals([broken.code, broken.row.verdict], [1, "fail"]);
    assertEquals(broken.row.problems.map(({ file }) => file), ["tests/high/high_test.ts"]);
    await write("lib/low/mod.ts", "export const low = () => 1;\n");
    await write("README.md", "new\n");
    await commit();
    const page = await judgeQuick(project);
    assertEquals([page.code, page.measured], [0, "no code was touched in 1 file, so no test is needed; since …"]);
    await write("LICENSE", "new\n");
    assertStringIncludes(
      (await judgeQuick(project)).measured,
      "in 2 files, so no test is needed; without tests of their",
    );
    // Tests pass only if some ran.
    await write("scripts/lonely.ts", "export const lonely = 1;\n");
    const lonely = await judgeQuick(project);
    assertEquals([lonely.code, lonely.row.verdict], [3, "not evaluated"]);
    assertStringIncludes(lonely.row.reason, "no tests belong to scripts/lonely.ts, touched since ");
  }));

Deno.test("gate --quick judges in a release all that came since the one before, and nothing where nothing differs", () =>
  inGateProject(async (project) => {
    const { write, commit, git } = project;
    await writeRooms(project);
    await write("lib/other/mod.ts", "export const other = () => 4;\n");
    await commit();
    await write("lib/low/mod.ts", "export const low = () => 1 + 0;\n");
    await commit();
    const last = await judgeQuick(project);
    assertEquals([last.code, last.measured], [0, "0 of 2 failed: low; high, which import them; since …"]);
    await write("deno.json", '{ "version": "1.0.1", "test": { "include": ["tests"] } }\n');
    await commit();
    const release = await judgeQuick(project);
    assertEquals([release.code, release.row.problems.map(({ file }) => file)], [1, ["tests/other/other_test.ts"]]);
    assertStringIncludes(release.measured, "since v1.0.0");
    await git("checkout", "-q", "--orphan", "alone");
    await commit();
    await git("branch", "-f", "main");
    const none = await judgeQuick(project);
    assertEquals([none.code, none.row.verdict], [3, "not evaluated"]);
    assertStringIncludes(none.row.reason, "nothing differs from");
  }));
