import { relative, resolve } from "node:path";
import { ConfigError, findWeakenings, type GateConfig, parseGateConfig } from "../../lib/gate/mod.ts";
import { ACCEPTED_FILE, readAcceptedChanges } from "../accepted_changes.ts";
import { askGit } from "../ask_git.ts";
import { findBase } from "../find_base.ts";

/** What a phases file demands less than on `main`. */
export interface WeakenedConditions {
  /** A line for each weakening, with what to do about it. */
  readonly weakened: readonly string[];
  /** What the reader of a report must know: what was accepted, or why nothing was compared. */
  readonly notes: readonly string[];
}

/**
 * List the conditions of a phases file that demand less than on `main`, except for those that `config/accepted.yml`
 * accepts.
 *
 * @param file Path of the phases file
 * @param config Its conditions
 * @param signal Signal that stops git
 * @returns The weakened conditions; none, and a note, if there is nothing to compare with
 */
export async function findWeakened(file: string, config: GateConfig, signal: AbortSignal): Promise<WeakenedConditions> {
  const uncompared = (why: string) => ({ weakened: [], notes: [`${file} was not compared with main: ${why}`] });
  const base = await findBase("main", signal).catch(() => null);
  if (base === null) return uncompared("there is no git here, or no commit shared with main");
  const short = base.slice(0, 9);
  const path = relative(Deno.cwd(), resolve(file)).replaceAll("\\", "/");
  const before = path.startsWith("..") ? null : await askGit(["cat-file", "blob", `${base}:./${path}`], signal);
  if (before === null) return uncompared(`commit ${short} has no such file`);
  const { conditions } = await readAcceptedChanges();
  const found = compareWith(before, file, config).map((line) => ({
    line,
    accepted: conditions.find(({ change }) => change === line || change === line.replace(/^phase [^,]+, /, "")),
  }));
  const weakened = found.flatMap(({ line, accepted }) =>
    accepted === undefined ? [`${line} (in ${short}); if that is right, list it with a reason in ${ACCEPTED_FILE}`] : []
  );
  const notes = found.flatMap(({ line, accepted }) =>
    accepted === undefined ? [] : [`${ACCEPTED_FILE} accepts: ${line} (${accepted.why})`]
  );
  return { weakened, notes };
}

/** List the weakenings since an earlier file. One that this version cannot read may have demanded anything. */
function compareWith(before: string, file: string, config: GateConfig): readonly string[] {
  try {
    return findWeakenings(parseGateConfig(before, { file }), config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { line, column, message } = error.mistakes[0]!;
    return [
      `the file on main cannot be read, so that nothing was compared: line ${line}, column ${column}: ${message}`,
    ];
  }
}
