import { KitError, shell } from "../../lib/base/mod.ts";
import { readConfigText } from "../../lib/config/mod.ts";
import { ConfigError, type GateConfig, parseGateConfig } from "../../lib/gate/mod.ts";
import { readTargetFile } from "../../lib/git/mod.ts";
import { CHECK_NAMES } from "../house_checks.ts";

/** Default path of the phases file. */
export const PHASES_FILE = "config/phases.yml";

/** The branch whose conditions are in force by default. */
export const TARGET_BRANCH = "main";

/** The conditions that are in force, and where they come from. */
export interface ConditionsInForce {
  /** The conditions. */
  readonly config: GateConfig;
  /** A sentence without a period that names the file and its commit. */
  readonly source: string;
}

/** Options of {@linkcode readConditions}. */
export interface ReadConditionsOptions {
  /** A file that the user named, which is read as it is. If absent, it is that of the target. */
  readonly file?: string | undefined;
  /** The branch that the work is merged into, which must exist; {@linkcode TARGET_BRANCH}, if there is one, if absent. */
  readonly target?: string | undefined;
  /** Signal that stops git. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read the conditions by which the project in the working directory is judged: those of the branch that it is merged
 * into. What is checked out may have loosened its own.
 *
 * @throws {KitError} `usage` with line and column, if the file is invalid; or if there is no such target
 */
export async function readConditions(options: ReadConditionsOptions): Promise<ConditionsInForce> {
  const { file, target = TARGET_BRANCH, signal } = options;
  if (file !== undefined) return { config: await readPhases(file), source: `The conditions are those of ${file}` };
  const found = await readTargetFile(PHASES_FILE, { cwd: Deno.cwd(), branch: target, signal });
  if (found === null && options.target !== undefined) {
    throw new KitError("usage", `Cannot judge by the conditions of "${target}": there is no such branch here`, {
      hint: shell`If origin has it, fetch it: git fetch origin ${target}`,
    });
  }
  if (found === null || found.text === null) {
    const why = found === null ? `there is no branch ${target} here` : `${found.ref} has none`;
    return {
      config: await readPhases(PHASES_FILE),
      source: `The conditions are those of ${PHASES_FILE} as it is checked out: ${why}`,
    };
  }
  const place = `${PHASES_FILE} of ${found.ref} (${found.commit.slice(0, 9)})`;
  try {
    // A check that this version does not have leaves its condition unevaluated.
    return { config: parseGateConfig(found.text, { file: place }), source: `The conditions are those of ${place}` };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new KitError("usage", error.message, {
      cause: error,
      hint:
        `Changed conditions land on ${target} before what needs them; --phases ${PHASES_FILE} shows what they would say`,
    });
  }
}

/** Read a phases file of the working tree. */
async function readPhases(path: string): Promise<GateConfig> {
  const text = await readConfigText(path, { hint: "Give --phases FILE, or run it in the project's folder" });
  return parseGateConfig(text, { file: path, checks: CHECK_NAMES });
}
