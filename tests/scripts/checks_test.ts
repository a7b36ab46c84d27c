import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { measureCoverage } from "../../checks/check_coverage.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A small source tree with a test, run with coverage. */
async function withCoverage(story: (project: string, coverage: string) => Promise<void>): Promise<void> {
  await inTempDir(async (folder) => {
    const source = join(folder, "lib");
    await Deno.mkdir(source);
    await Deno.writeTextFile(
      join(source, "half.ts"),
      "export function half(n: number): number {\n  if (n > 1) {\n    return n / 2;\n  }\n  return 0;\n}\n",
    );
    await Deno.writeTextFile(join(source, "types.ts"), "/** Only types. */\nexport interface A {\n  a: string;\n}\n");
    await Deno.writeTextFile(
      join(folder, "half_test.ts"),
      'import { half } from "./lib/half.ts";\nDeno.test("half", () => {\n  half(0);\n});\n',
    );
    const coverage = join(folder, "coverage");
    await cover(folder, coverage, "half_test.ts");
    await story(folder, coverage);
  });
}

/** Run a test with coverage. */
async function cover(project: string, coverage: string, test: string): Promise<void> {
  const args = ["test", "-q", "--no-lock", "--no-config", `--coverage=${coverage}`, join(project, test)];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: project }).output();
  assertEquals(success, true, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
}

Deno.test("measureCoverage() sums lines, including files without a test", () =>
  withCoverage(async (project, coverage) => {
    const source = join(project, "lib");
    const { found, hit } = await measureCoverage(coverage, { roots: [source], project });
    assertEquals(hit / found > 0.3 && hit < found, true);
    const lcov = join(project, "reports", "lcov.info");
    await measureCoverage(coverage, { roots: [source], project, lcov });
    assertMatch(await Deno.readTextFile(lcov), /^SF:.*half\.ts$/m);
    await Deno.writeTextFile(join(source, "forgotten.ts"), "export function f(): number {\n  return 1;\n}\n");
    const { files, ...sums } = await measureCoverage(coverage, { roots: [source], project });
    assertEquals(sums, { found: found + 3, hit });
    assertEquals(files.find((file) => file.path.endsWith("forgotten.ts"))?.hit, 0);
  }));

Deno.test("measureCoverage() counts a source whose name ends like that of a test", () =>
  withCoverage(async (project, coverage) => {
    // The coverage is made again, now with such a file.
    await Deno.remove(coverage, { recursive: true });
    await Deno.writeTextFile(
      join(project, "lib", "load_test.ts"),
      "export function load(): number {\n  return 1;\n}\n",
    );
    await Deno.writeTextFile(
      join(project, "main_test.ts"),
      'import { load } from "./lib/load_test.ts";\nDeno.test("load", () => {\n  load();\n});\n',
    );
    await cover(project, coverage, "main_test.ts");
    const { files } = await measureCoverage(coverage, { roots: [join(project, "lib")], project });
    const { found, hit } = files.find(({ path }) => path.endsWith("load_test.ts"))!;
    assertEquals([found, hit], [3, 3]);
  }));

Deno.test("measureCoverage() skips what a killed process left incomplete", () =>
  withCoverage(async (project, coverage) => {
    const roots = [join(project, "lib")];
    const { found, hit } = await measureCoverage(coverage, { roots, project });
    await Deno.writeTextFile(join(coverage, "empty.json"), "");
    await Deno.writeTextFile(join(coverage, "half.json"), '{"scriptId":"1","url":"fi');
    const { files: _, ...sums } = await measureCoverage(coverage, { roots, project });
    assertEquals(sums, { found, hit });
  }));

Deno.test("measureCoverage() reports missing data", () =>
  inTempDir(async (folder) => {
    const { message } = await assertRejects(
      () => measureCoverage(join(folder, "none"), { roots: [folder] }),
      KitError,
      "Cannot read the coverage: ",
    );
    // One line, without the trace below it.
    assertMatch(message, /^Cannot read the coverage: (?!error:).+$/);
  }));
