import { KitError } from "../../base/mod.ts";
import { lastLines, type RunProgramOptions } from "../install/run_program.ts";

/** Runs a command of the program that is being verified. */
export type RunVersion = (
  args: readonly string[],
  options?: Partial<RunProgramOptions>,
) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;

/**
 * Let a program download from a local imitation of Civitai into a temporary folder, and compare the files with their
 * source. For versions that have no self-test.
 *
 * @param run Runs a command of the program
 * @param signal Stops it
 * @returns What was found, in words
 * @throws {KitError} `failed` or `integrity` if the program does not work
 */
export type TryDownload = (run: RunVersion, signal: AbortSignal) => Promise<string>;

/** One check of a program after a rollback. */
export interface VersionCheck {
  /** What was checked: `version`, `works` or `library`. */
  readonly name: string;
  /** What was found. */
  readonly detail: string;
}

/** Options of {@linkcode verifyVersion}. */
export interface VerifyVersionOptions {
  /** The version that it must have, such as `1.0.3`. */
  readonly version: string;
  /** The library that it must be able to read, absolute; `null` if none was named. */
  readonly library: string | null;
  /** How to try a version without a self-test. */
  readonly tryDownload: TryDownload;
  /** Stops the program. */
  readonly signal: AbortSignal;
}

/**
 * Verify that a program has the right version, works on this machine, and reads the user's library.
 *
 * @param run Runs a command of the program
 * @param options Version, library, fallback
 * @returns The checks, all of which succeeded
 * @throws {KitError} `failed` for the first check that did not
 */
export async function verifyVersion(run: RunVersion, options: VerifyVersionOptions): Promise<readonly VersionCheck[]> {
  const { library, signal } = options;
  const checks: VersionCheck[] = [
    { name: "version", detail: await checkVersion(run, options.version) },
    { name: "works", detail: await checkWork(run, options) },
  ];
  signal.throwIfAborted();
  if (library !== null) checks.push({ name: "library", detail: await checkLibrary(run, library) });
  return checks;
}

/** Check that a program says it is the version, and return what it said. */
async function checkVersion(run: RunVersion, version: string): Promise<string> {
  const output = await run(["--version"]);
  const said = output.stdout.trim();
  if (output.code === 0 && said.split(/\s+/).at(-1) === version) return said;
  const found = output.code === 0 ? `it says "${said}"` : `it ended with ${output.code}`;
  throw new KitError("failed", `Cannot verify version ${version}: ${found}`, { hint: hintOf(lastLines(output)) });
}

/** Run the self-test; versions before it have a demo, and the first ones only the download. */
async function checkWork(run: RunVersion, { tryDownload, signal }: VerifyVersionOptions): Promise<string> {
  const help = await run(["--help"]);
  const has = (command: string) => new RegExp(`^ +${command} `, "m").test(help.stdout);
  if (!has("self-test")) return await tryDownload(run, signal);
  const output = await run(["self-test"]);
  if (output.code === 0) return lastLines({ ...output, stderr: "" }, 1);
  throw new KitError("failed", `Cannot verify that it works: its self-test ended with ${output.code}`, {
    hint: hintOf(lastLines({ ...output, stderr: "" }, 2) || lastLines(output)),
  });
}

async function checkLibrary(run: RunVersion, library: string): Promise<string> {
  const output = await run(["list", "--output", library]);
  if (output.code === 0) return lastLines({ ...output, stderr: "" }, 1) || "its catalog can be read";
  throw new KitError("failed", `Cannot verify that it reads "${library}": list ended with ${output.code}`, {
    hint: hintOf(lastLines(output)),
  });
}

function hintOf(said: string): string {
  return said === "" ? "It said nothing" : `It said: ${said}`;
}
