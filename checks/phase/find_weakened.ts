import { ConfigError, findWeakenings, type GateConfig, parseGateConfig } from "../../lib/gate/mod.ts";
import { ACCEPTED_FILE, readAcceptedChanges } from "../accepted_changes.ts";
import { askGit } from "../ask_git.ts";
import { findBase } from "../find_base.ts";

/**
 * List the conditions of a phases file that demand less than on `main`, except for those that `config/accepted.yml`
 * accepts. The list is empty if there is nothing to compare with: no git, or no such file on `main`.
 *
 * @param file Path of the phases file
 * @param config Its conditions
 * @param signal Signal that stops git
 * @returns A line for each weakening, and what to do about it
 */
export async function findWeakened(file: string, config: GateConfig, signal: AbortSignal): Promise<readonly string[]> {
  const base = await findBase("main", signal).catch(() => null);
  const before = base === null ? null : await askGit(["cat-file", "blob", `${base}:./${file}`], signal);
  if (before === null) return [];
  const accepted = await readAcceptedChanges();
  return findWeakenings(parseEarlier(before, file), config)
    .filter((line) => !accepted.conditions.some(({ change }) => line.endsWith(change)))
    .map((line) => `${line} (in ${base!.slice(0, 9)}); if that is right, list it with a reason in ${ACCEPTED_FILE}`);
}

/** An earlier file that this version cannot read has no conditions that could have been weakened. */
function parseEarlier(text: string, file: string): GateConfig {
  try {
    return parseGateConfig(text, { file });
  } catch (error) {
    if (error instanceof ConfigError) return { sources: [], sourcesOf: {}, phases: [] };
    throw error;
  }
}
