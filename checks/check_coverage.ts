import { walk } from "@std/fs";
import { stripTypeScriptTypes } from "node:module";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { KitError } from "../lib/base/mod.ts";
import type { CheckReading, GateCheckOptions } from "../lib/gate/mod.ts";
import { CheckParameters } from "./check_parameters.ts";
import { pathFromRoot } from "./path_from_root.ts";
import { lastWords } from "./run_deno.ts";
import type { TestRuns } from "./test_runs.ts";

/** Options of {@linkcode measureCoverage}. */
export interface MeasureCoverageOptions {
  /** Folders whose every source file counts. */
  readonly roots: readonly string[];
  /**
   * The project that was tested: files outside of it are in no report.
   *
   * @default {the working folder}
   */
  readonly project?: string | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
}

/** How much of the sources the tests reached. */
export interface Coverage extends Lines {
  /** Every source file, those that no test imports among them. */
  readonly files: readonly ({ readonly path: string } & Lines)[];
}

interface Lines {
  /** Lines that could be reached. */
  readonly found: number;
  /** Lines that were. */
  readonly hit: number;
}

/**
 * Sum the coverage of all source files; one that no test imports counts with all its lines as not reached.
 *
 * @param folder Where `deno test --coverage` wrote
 * @param options Which files
 * @returns The sums, and each file
 * @throws {KitError} `failed` if there is no coverage to read
 */
export async function measureCoverage(folder: string, options: MeasureCoverageOptions): Promise<Coverage> {
  const { roots, project = Deno.cwd(), signal } = options;
  await dropCutOff(folder);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["coverage", "-q", "--lcov", resolve(folder)],
    cwd: project,
    stdout: "piped",
    stderr: "piped",
    ...signal === undefined ? {} : { signal },
  });
  const { success, code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (!success) {
    const [first] = lastWords({ code, out: "", err: stripVTControlCharacters(text.decode(stderr)) }).split("\n");
    throw new KitError("failed", `Cannot read the coverage: ${first!.replace(/^error: /, "")}`);
  }
  const reached = parseLcov(text.decode(stdout));
  const files: ({ readonly path: string } & Lines)[] = [];
  for (const root of roots) {
    for await (const entry of walk(root, { includeDirs: false, exts: [".ts"] })) {
      const path = resolve(entry.path);
      files.push({ path: entry.path, ...reached.get(path) ?? await unreached(path) });
    }
  }
  const sum = (key: keyof Lines) => files.reduce((total, file) => total + file[key], 0);
  return { found: sum("found"), hit: sum("hit"), files };
}

/**
 * Hold the coverage of the test run against a requirement.
 *
 * @param runs The tests
 * @param parameters `roots`, and what the tests need
 * @param options How to stop
 * @returns The share of lines, and where the most are missed
 */
export async function checkCoverage(
  runs: TestRuns,
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckReading> {
  const read = new CheckParameters(parameters, ["roots", "flags"]);
  const { coverage, cases } = await runs.run([], read.flags(), signal);
  if (!cases.some((one) => one.isExecuted)) return NO_TESTS;
  const { found, hit, files } = await measureCoverage(coverage, { roots: read.texts("roots"), signal });
  const share = found === 0 ? 0 : hit / found;
  const worst = files.toSorted((a, b) => b.found - b.hit - (a.found - a.hit)).slice(0, 10)
    .filter((file) => file.found > file.hit);
  return {
    value: share,
    count: found,
    unit: "lines",
    measured: `${(Math.floor(share * 10_000) / 100).toFixed(2)} % of ${found} lines in ${files.length} files`,
    problems: worst.map((file) => ({
      message: `${file.found - file.hit} lines are not reached`,
      file: pathFromRoot(file.path),
    })),
  };
}

/**
 * Count source files of which the tests reach nothing at all.
 *
 * @param runs The tests
 * @param parameters `roots`, what the tests need, and `except`: files that only other processes run
 * @param options How to stop
 * @returns Their number, and each of them
 */
export async function checkUntested(
  runs: TestRuns,
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckReading> {
  const read = new CheckParameters(parameters, ["roots", "flags", "except"]);
  const { coverage, cases } = await runs.run([], read.flags(), signal);
  if (!cases.some((one) => one.isExecuted)) return NO_TESTS;
  const { files } = await measureCoverage(coverage, { roots: read.texts("roots"), signal });
  const except = read.texts("except");
  const missed = files.filter(({ path, found, hit }) => found > 0 && hit === 0 && !except.includes(pathFromRoot(path)));
  const value = missed.length;
  const count = files.length;
  const problems = missed.map(({ path, found }) => ({
    message: `no test reaches any of its ${found} lines`,
    file: pathFromRoot(path),
  }));
  return { value, count, unit: "files", measured: `${value} of ${count} files`, problems };
}

/** A run that executed no test leaves nothing to read. */
const NO_TESTS: CheckReading = { value: 0, count: 0, unit: "tests executed", measured: "no tests", problems: [] };

/** A process that was killed while it wrote leaves a file that would spoil all others. */
async function dropCutOff(folder: string): Promise<void> {
  const isThere = await Deno.stat(folder).then((stat) => stat.isDirectory, () => false);
  if (!isThere) return;
  for await (const entry of walk(folder, { includeDirs: false, exts: [".json"] })) {
    const bytes = await Deno.readFile(entry.path);
    if (bytes.at(-1) !== CLOSING_BRACE) await Deno.remove(entry.path);
  }
}

const CLOSING_BRACE = 0x7d;

function parseLcov(text: string): ReadonlyMap<string, Lines> {
  const files = new Map<string, Lines>();
  for (const record of text.split("end_of_record")) {
    const path = /^SF:(.+)$/m.exec(record)?.[1];
    if (path === undefined) continue;
    files.set(path, {
      found: Number(/^LF:(\d+)$/m.exec(record)?.[1] ?? 0),
      hit: Number(/^LH:(\d+)$/m.exec(record)?.[1] ?? 0),
    });
  }
  return files;
}

/** The lines of a file that no test imports; of types and re-exports only, it has none to reach. */
async function unreached(path: string): Promise<Lines> {
  const code = stripTypeScriptTypes(await Deno.readTextFile(path))
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
    .replaceAll(/^\s*(?:import|export)\b[^;"]*?(?:from\s*)?"[^"]*"[^;]*;/gm, "");
  return { found: code.split("\n").filter((line) => line.trim() !== "").length, hit: 0 };
}
