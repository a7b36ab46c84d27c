import { closest, KitError, removeInvisible } from "../../base/mod.ts";
import { explainRefName, REF_CHARACTER } from "../../git/mod.ts";
import { tryParseReleaseVersion } from "../../installation/mod.ts";
import type { BranchRule, Strategy, StrategyPhase } from "./strategy.ts";

/** A branch of the strategy: the rule for it, and what its name says. */
export interface StrategyBranch {
  /** Short name of the branch. */
  readonly name: string;
  /** The rule of its kind. */
  readonly rule: BranchRule;
  /** Words of its name, such as `phase` and `version`. */
  readonly words: BranchWords;
}

/** Words that patterns of names contain; those that a kind of branch does not have are absent. */
export interface BranchWords {
  /** Number of the phase. */
  readonly phase?: string;
  /** Version such as `1.1.0`. */
  readonly version?: string;
  /** Version without its last number, such as `1.1`. */
  readonly minor?: string;
  /** The word of the user. */
  readonly name?: string;
}

/** Patterns of the words, as they appear in names. */
const WORDS: Readonly<Record<keyof BranchWords, string>> = {
  phase: "[1-9]\\d*",
  version: "\\d+\\.\\d+\\.\\d+",
  minor: "\\d+\\.\\d+",
  name: `${REF_CHARACTER}+`,
};

/**
 * Replace the words of a pattern.
 *
 * @param pattern Such as `performance/phase{phase}`
 * @param words The words
 * @returns The name; a word that is absent stays as it is
 */
export function fillPattern(pattern: string, words: Readonly<Record<string, string | undefined>>): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
}

/**
 * Find the rule for a branch by its name. No rule fits the name of an unknown phase, nor one with invisible characters:
 * it would look like another.
 *
 * @param strategy The strategy
 * @param name Short name of the branch, such as `performance/phase1`
 * @returns The branch, or `null` if no rule fits
 */
export function matchBranch(strategy: Strategy, name: string): StrategyBranch | null {
  const found = findInvisible(name) === null ? findRule(strategy, name) : null;
  if (found === null || isUnknownPhase(strategy, found.words)) return null;
  return { ...found, words: completeWords(strategy, found.words) };
}

/** Find the first rule that fits a name, with the words that are in the name. */
function findRule(strategy: Strategy, name: string): StrategyBranch | null {
  for (const rule of strategy.branches) {
    for (const pattern of [rule.name, ...rule.also]) {
      const match = patternRegExp(pattern).exec(name);
      if (match !== null) return { name, rule, words: { ...match.groups } };
    }
  }
  return null;
}

function isUnknownPhase({ phases }: Strategy, { phase }: BranchWords): boolean {
  return phase !== undefined && !phases.some((one) => String(one.phase) === phase);
}

function patternRegExp(pattern: string): RegExp {
  const parts = pattern.split(/\{(\w+)\}/);
  const source = parts.map((part, index) =>
    index % 2 === 0
      ? part.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")
      : `(?<${part}>${WORDS[part as keyof BranchWords]})`
  );
  return new RegExp(`^${source.join("")}$`, "u");
}

/** Derive the version from the phase, and the minor version from the version, or the other way round. */
function completeWords(strategy: Strategy, found: BranchWords): BranchWords {
  const phase = strategy.phases.find((one) => String(one.phase) === found.phase);
  const version = found.version ?? phase?.version ?? (found.minor === undefined ? undefined : `${found.minor}.0`);
  const minor = found.minor ?? version?.split(".").slice(0, 2).join(".");
  return { ...found, ...version === undefined ? {} : { version }, ...minor === undefined ? {} : { minor } };
}

/**
 * Find a phase by its number.
 *
 * @param strategy The strategy
 * @param text What the user wrote, such as `2`
 * @returns The phase
 * @throws {KitError} `usage` if there is no such phase
 */
export function findPhase(strategy: Strategy, text: string): StrategyPhase {
  const phase = strategy.phases.find((one) => String(one.phase) === text.replace(/^phase/, ""));
  if (phase !== undefined) return phase;
  const known = strategy.phases.map((one) => `${one.phase} (${one.title})`).join(", ");
  throw new KitError("usage", `Cannot use phase "${text}": there is no such phase`, { hint: `Phases: ${known}` });
}

/**
 * Find the branch of a phase.
 *
 * @param strategy The strategy
 * @param phase The phase
 * @returns The branch
 * @throws {KitError} `usage` if the strategy has no rule for phases
 */
export function phaseBranch(strategy: Strategy, phase: StrategyPhase): StrategyBranch {
  return branchOfKind(strategy, "phase", { phase: String(phase.phase) });
}

/**
 * Build the branch of a kind from its words.
 *
 * @param strategy The strategy
 * @param kind Kind of the branch
 * @param words The words of its name
 * @returns The branch
 * @throws {KitError} `usage` if the strategy has no such kind, or if the name is not one of its kind
 */
export function branchOfKind(strategy: Strategy, kind: BranchRule["kind"], words: BranchWords): StrategyBranch {
  const rule = strategy.branches.find((one) => one.kind === kind);
  if (rule === undefined) {
    throw new KitError("usage", `Cannot make a ${kind} branch: the branch strategy has no kind "${kind}"`);
  }
  const [branch] = listSpellings(strategy, rule, words);
  if (branch !== undefined) return branch;
  const name = fillPattern(rule.name, { ...completeWords(strategy, words) });
  const mistake = explainMistake(name) ?? `is not a name like ${rule.name}`;
  throw new KitError("usage", `Cannot use "${Object.values(words)[0]}" for a ${kind} branch: "${name}" ${mistake}`, {
    hint: `Names look like ${rule.name}`,
  });
}

/**
 * List the branches that a release may be made from: the usual name first, then the others that mean the same. The name
 * without the last number, such as `release/v1.1-candidate`, is for `1.1.0` only.
 *
 * @param strategy The strategy
 * @param version The release, such as `1.1.0`
 * @returns Branches, whether or not they exist
 * @throws {KitError} `usage` if the strategy has no rule for releases
 */
export function releaseBranches(strategy: Strategy, version: string): readonly StrategyBranch[] {
  return listSpellings(strategy, branchOfKind(strategy, "release", { version }).rule, { version });
}

/** Fill the patterns of a rule, and keep the names from which the same words can be read. */
function listSpellings(strategy: Strategy, rule: BranchRule, words: BranchWords): readonly StrategyBranch[] {
  const wanted = Object.entries(words) as readonly (readonly [keyof BranchWords, string])[];
  return [rule.name, ...rule.also].flatMap((pattern) => {
    const branch = matchBranch(strategy, fillPattern(pattern, { ...completeWords(strategy, words) }));
    if (branch === null || branch.rule !== rule || explainMistake(branch.name) !== null) return [];
    return wanted.every(([word, value]) => branch.words[word] === value) ? [branch] : [];
  });
}

/**
 * Find the branch that a user named in full, such as `feature/monitoring`.
 *
 * @param strategy The strategy
 * @param name What the user wrote
 * @param known Short names of branches that exist, one of which the user may have meant
 * @returns The branch
 * @throws {KitError} `usage` if no rule fits the name, or if there is no such phase
 */
export function parseBranchName(
  strategy: Strategy,
  name: string,
  known: readonly string[] = [],
): StrategyBranch {
  const branch = matchBranch(strategy, name);
  const mistake = explainMistake(name);
  if (branch !== null && mistake === null) return branch;
  if (mistake !== null) throw new KitError("usage", `Cannot use the branch "${name}": its name ${mistake}`);
  const { phase } = findRule(strategy, name)?.words ?? {};
  if (phase !== undefined) findPhase(strategy, phase);
  const patterns = strategy.branches.flatMap((rule) => [rule.name, ...rule.also]);
  throw new KitError("usage", `Cannot use the branch "${name}": the branch strategy has no such name`, {
    hint: suggestKnown(name, known.filter((one) => matchBranch(strategy, one) !== null)) ?? suggestName(name, patterns),
  });
}

/** Suggest the branches that have the name behind their kind, such as `feature/`; `null` if there is none. */
function suggestKnown(name: string, known: readonly string[]): string | null {
  const meant = known.filter((one) => one.endsWith(`/${name}`));
  return meant.length === 0 ? null : `Did you mean ${meant.join(" or ")}?`;
}

/** Suggest the same name of another kind if the kind was misspelled, or else list how names look. */
function suggestName(name: string, patterns: readonly string[]): string {
  const [kind = "", ...rest] = name.split("/");
  const alike = patterns.filter((pattern) => pattern.startsWith(`${kind}/`));
  if (alike.length > 0) return `Names that begin with ${kind}/ look like ${alike.join(", ")}`;
  const near = closest(kind, [...new Set(patterns.map((pattern) => pattern.split("/")[0]!))]);
  const guess = rest.length > 0 && near !== undefined ? `Did you mean ${near}/${rest.join("/")}? ` : "";
  return `${guess}Names: ${patterns.join(", ")}`;
}

/** Explain what is wrong with the name of a branch; `null` if nothing is. Files of refs have limited names. */
function explainMistake(name: string): string | null {
  const mistake = explainRefName(name);
  if (mistake !== null) return mistake;
  const invisible = findInvisible(name);
  if (invisible !== null) return `must not contain the invisible character ${invisible}`;
  return new TextEncoder().encode(name).length > 200 ? "is longer than 200 bytes" : null;
}

/** Find the first character that no reader sees, such as `U+200B`; `null` if there is none. */
function findInvisible(name: string): string | null {
  if (removeInvisible(name) === name) return null;
  const invisible = Array.from(name).find((character) => removeInvisible(character) !== character)!;
  return `U+${invisible.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * Parse the version of a release branch: `1.1` means `1.1.0`.
 *
 * @param text What the user wrote
 * @returns The version with three numbers
 * @throws {KitError} `usage` if it is not a version
 */
export function parseReleaseNumber(text: string): string {
  const plain = text.replace(/^v/, "");
  const version = tryParseReleaseVersion(/^\d+\.\d+$/.test(plain) ? `${plain}.0` : plain);
  if (version?.stage === "stable") return version.text;
  throw new KitError("usage", `Cannot use "${text}" for a release: it is not a version`, {
    hint: "Write 1.1 or 1.1.0",
  });
}
