import { walk } from "@std/fs";
import { resolve } from "node:path";
import { KitError } from "../lib/base/mod.ts";

/** Options of {@linkcode checkCoverage}. */
export interface CheckCoverageOptions {
  /** Folders whose every source file counts. */
  readonly roots: readonly string[];
  /** The least share of lines, in percent. */
  readonly min: number;
  /**
   * The project that was tested: files outside of it are in no report.
   *
   * @default {the working folder}
   */
  readonly project?: string | undefined;
}

interface Lines {
  readonly found: number;
  readonly hit: number;
}

/**
 * Sum the coverage of all source files; one that no test imports counts with all its lines as not reached.
 *
 * @param folder Where `deno test --coverage` wrote
 * @param options Which files, and the bound
 * @returns One line for a person
 * @throws {KitError} `failed` below the bound
 */
export async function checkCoverage(folder: string, options: CheckCoverageOptions): Promise<string> {
  const { roots, min, project = Deno.cwd() } = options;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["coverage", "-q", "--lcov", resolve(folder)],
    cwd: project,
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (!success) throw new KitError("failed", `Cannot read the coverage: ${text.decode(stderr)}`);
  const files = parseLcov(text.decode(stdout));
  let [found, hit] = [0, 0];
  const worst: [string, number][] = [];
  for (const root of roots) {
    for await (const entry of walk(root, { includeDirs: false, exts: [".ts"] })) {
      const path = resolve(entry.path);
      const lines = files.get(path) ?? await unreached(path);
      found += lines.found;
      hit += lines.hit;
      worst.push([entry.path, lines.found - lines.hit]);
    }
  }
  const share = found === 0 ? 0 : hit / found * 100;
  const summary = `${share.toFixed(1)} % of ${found} lines`;
  if (share >= min) return summary;
  const list = worst.sort((a, b) => b[1] - a[1]).slice(0, 10).map(([path, missed]) => `  ${missed} lines in ${path}`);
  throw new KitError(
    "failed",
    `Cannot accept the coverage: ${summary}, at least ${min} % is wanted\n${list.join("\n")}`,
  );
}

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

/** A file of types or re-exports only has no lines to reach. */
async function unreached(path: string): Promise<Lines> {
  const code = (await Deno.readTextFile(path)).replaceAll(/\/\*[\s\S]*?\*\//g, "").split("\n")
    .filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
  const isPassive = !code.some((line) => /\bfunction\b|\bclass\b|=>|\bconst\b.*=/.test(line));
  return { found: isPassive ? 0 : code.length, hit: 0 };
}
