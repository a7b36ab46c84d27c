// deno-lint-ignore-file camelcase -- the fields of GitHub's API, which the files have too
/** One rule of a ruleset, in the form of GitHub's API, such as `{ type: "deletion" }`. */
export interface RulesetRule {
  /** Kind of the rule, such as `required_status_checks`. */
  readonly type: string;
  /** What the rule demands; absent for rules without parameters. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** Somebody whom a ruleset does not bind. */
export interface BypassActor {
  /** Id of the role, team or app; `null` for actors that need none. */
  readonly actor_id: number | null;
  /** Kind of the actor, such as `RepositoryRole`. */
  readonly actor_type: string;
  /** When the ruleset does not bind the actor: `always`, or `pull_request`. */
  readonly bypass_mode: string;
}

/** A ruleset as GitHub's API takes it; a file in `.github/rulesets` has exactly this. */
export interface Ruleset {
  /** Its name on GitHub, unique in the repository. */
  readonly name: string;
  /** What it protects. */
  readonly target: "branch" | "tag" | "push";
  /** Whether it is in force. */
  readonly enforcement: "active" | "evaluate" | "disabled";
  /** The refs that it is for, as full names or patterns. */
  readonly conditions: {
    readonly ref_name: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  };
  /** The rules. */
  readonly rules: readonly RulesetRule[];
  /** Who is not bound by it. */
  readonly bypass_actors: readonly BypassActor[];
}

/** A file of `.github/rulesets`. */
export interface RulesetFile {
  /** Name of the file, such as `main.json`. */
  readonly file: string;
  /** What it holds. */
  readonly ruleset: Ruleset;
}

/** A ruleset that GitHub keeps. What GitHub adds beyond these fields, such as links and dates, is left out. */
export interface StoredRuleset extends Omit<Ruleset, "bypass_actors" | "target" | "enforcement"> {
  /** GitHub's number of it. */
  readonly id: number;
  /** As in {@linkcode Ruleset}, or a word that this program does not know. */
  readonly target: string;
  /** As in {@linkcode Ruleset}, or a word that this program does not know. */
  readonly enforcement: string;
  /** Who is not bound by it; `null` if GitHub does not show it to this token. */
  readonly bypass_actors: readonly BypassActor[] | null;
}

/** An entry of GitHub's list of rulesets, which has no rules. */
export interface ListedRuleset {
  /** GitHub's number of it. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
}

/** A role of a repository that may push. */
export type RepositoryRole = "write" | "maintain" | "admin";

/** Numbers that GitHub gives to the roles of a repository. */
export const ROLE_IDS: Readonly<Record<RepositoryRole, number>> = { write: 4, maintain: 2, admin: 5 };
