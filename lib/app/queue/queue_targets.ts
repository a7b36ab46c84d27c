import { formatCount } from "../../base/mod.ts";
import { parseTarget } from "../../civitai/mod.ts";
import { type PlanTarget, targetName, targetWord } from "../../downloader/mod.ts";

/** Targets that a title names; the others are counted. */
const NAMED = 3;

/**
 * Write targets for the row of an entry: as words, or whole if no word says all of a target, as of a search.
 *
 * @returns What {@linkcode parseQueueTargets} reads
 */
export function toQueueTargets(targets: readonly PlanTarget[]): readonly unknown[] {
  return targets.map((target) => {
    const word = targetWord(targetName(target));
    return word !== null && JSON.stringify(parseTarget(word)) === JSON.stringify(target) ? word : target;
  });
}

/** Options of {@linkcode parseQueueTargets}. */
export interface ParseQueueTargetsOptions {
  /** Address of the API; links to its host are targets too. */
  readonly baseUrl: string;
}

/**
 * Read the targets of a row.
 *
 * @throws {KitError} `usage` if a word is no target
 */
export function parseQueueTargets(
  targets: readonly unknown[],
  { baseUrl }: ParseQueueTargetsOptions,
): readonly PlanTarget[] {
  const base = URL.parse(baseUrl);
  const hosts = base === null ? [] : [base.host];
  // What is no word was written by toQueueTargets().
  return targets.map((target) => typeof target === "string" ? parseTarget(target, { hosts }) : target as PlanTarget);
}

/** The targets of a row as words, for people. */
export function nameQueueTargets(targets: readonly unknown[]): readonly string[] {
  return targets.map((target) => typeof target === "string" ? target : targetName(target as PlanTarget));
}

/**
 * What an entry is called that nobody has given a title.
 *
 * @param nameModel Returns the name of a model; `null` if it is unknown
 */
export function titleOf(
  kind: string,
  targets: readonly unknown[],
  nameModel: (id: number) => string | null = () => null,
): string {
  if (targets.length === 0) return kind === "download" ? "unfinished items" : "all models of the library";
  const names = nameQueueTargets(targets.slice(0, NAMED)).map((name) => {
    const id = /^model:(\d+)$/.exec(name)?.[1];
    return id === undefined ? name : nameModel(Number(id)) ?? name;
  }).join(", ");
  return targets.length > NAMED ? `${names} and ${formatCount(targets.length - NAMED, "other")}` : names;
}
