import { compareRuleset, type Drift } from "./compare_ruleset.ts";
import type { Ruleset, RulesetFile, StoredRuleset } from "./ruleset.ts";

/**
 * How GitHub's ruleset compares with the file: `hidden` if all that can be seen is equal, but not everything can be.
 */
export type ProtectionState = "missing" | "differs" | "hidden" | "equal";

/** A file of `.github/rulesets`, and what GitHub has of it. */
export interface PlannedRuleset {
  /** Name of the file. */
  readonly file: string;
  /** What it holds. */
  readonly ruleset: Ruleset;
  /** How GitHub's compares with it. */
  readonly state: ProtectionState;
  /** GitHub's number of it; `null` if GitHub lacks it. */
  readonly id: number | null;
  /** The differences. */
  readonly drifts: readonly Drift[];
}

/**
 * Compare the files of `.github/rulesets` with what GitHub has. Rulesets belong together by their name.
 *
 * @param files The files
 * @param stored The rulesets of GitHub that have the name of one of the files
 * @returns Each file with its differences
 */
export function planProtection(
  files: readonly RulesetFile[],
  stored: readonly StoredRuleset[],
): readonly PlannedRuleset[] {
  return files.map(({ file, ruleset }) => {
    const [first, ...others] = stored.filter(({ name }) => name === ruleset.name);
    if (first === undefined) {
      const drifts: readonly Drift[] = [{ kind: "ruleset-missing", message: "the ruleset is missing" }];
      return { file, ruleset, state: "missing", id: null, drifts };
    }
    const twice: readonly Drift[] = others.map(({ id }) => ({
      kind: "ruleset-twice",
      message: `there is another ruleset of that name, ${id}; delete one of them on GitHub`,
    }));
    const drifts = [...compareRuleset(ruleset, first), ...twice];
    return { file, ruleset, state: stateOf(drifts), id: first.id, drifts };
  });
}

function stateOf(drifts: readonly Drift[]): ProtectionState {
  if (drifts.length === 0) return "equal";
  return drifts.every(({ kind }) => kind === "bypass-hidden") ? "hidden" : "differs";
}
