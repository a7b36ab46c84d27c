import { fillPattern } from "../strategy/branch_name.ts";
import type { Strategy } from "../strategy/strategy.ts";
import {
  type BypassActor,
  type RepositoryRole,
  ROLE_IDS,
  type Ruleset,
  type RulesetFile,
  type RulesetRule,
} from "./ruleset.ts";

/** Options of {@linkcode deriveRulesets}. */
export interface DeriveRulesetsOptions {
  /** Names of the status checks that have to pass, as `requiredChecks()` finds them. */
  readonly checks: readonly string[];
}

/**
 * Derive the rulesets that fit a branch strategy: they allow what `branch` and `release` do, and nothing else.
 *
 * - The history of main and develop is never lost, whoever pushes.
 * - If main changes by pull request, nobody pushes to it. The pull request is merged with a merge commit, so that main
 *   has the history of what was finished.
 * - Where branches are finished by a push, the required checks bind everybody but the roles that finish branches: what
 *   they push was judged by the gate, and no check can have run on a merge that nobody has pushed yet.
 * - Tags of releases and phases stay where they are.
 *
 * @param strategy The strategy
 * @param options Names of the required checks
 * @returns The rulesets, each with the name of its file
 *
 * @example
 * ```ts ignore
 * const checks = requiredChecks(strategy, await Deno.readTextFile(".github/workflows/ci.yml"));
 * for (const { file, ruleset } of deriveRulesets(strategy, { checks })) console.log(file, ruleset.name);
 * ```
 */
export function deriveRulesets(strategy: Strategy, options: DeriveRulesetsOptions): readonly RulesetFile[] {
  const { main, develop, mainBy, protection } = strategy;
  const required = requireChecks(options.checks);
  const finishers = (protection?.finishBy ?? []).map(actorOf);
  const reviewed = mainBy === "pull-request" ? [requirePullRequest(protection?.approvals ?? 0)] : [];
  const mainRules = [...reviewed, ...required];
  return [
    {
      file: "history.json",
      ruleset: rulesetOf(`History of ${main} and ${develop}`, [main, develop], {
        rules: [{ type: "deletion" }, { type: "non_fast_forward" }],
        actors: [],
      }),
    },
    ...mainRules.length === 0 ? [] : [{
      file: "main.json",
      ruleset: rulesetOf(`Changes of ${main}`, [main], {
        rules: mainRules,
        actors: mainBy === "push" ? finishers : [],
      }),
    }],
    ...required.length === 0 ? [] : [{
      file: "develop.json",
      ruleset: rulesetOf(`Changes of ${develop}`, [develop], { rules: required, actors: finishers }),
    }],
    { file: "tags.json", ruleset: protectTags(strategy) },
  ];
}

function rulesetOf(
  name: string,
  branches: readonly string[],
  { rules, actors }: { readonly rules: readonly RulesetRule[]; readonly actors: readonly BypassActor[] },
): Ruleset {
  return {
    name,
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: branches.map((branch) => `refs/heads/${branch}`), exclude: [] } },
    rules,
    bypass_actors: actors,
  };
}

function actorOf(role: RepositoryRole): BypassActor {
  return { actor_id: ROLE_IDS[role], actor_type: "RepositoryRole", bypass_mode: "always" };
}

function requirePullRequest(approvals: number): RulesetRule {
  return {
    type: "pull_request",
    parameters: {
      allowed_merge_methods: ["merge"],
      dismiss_stale_reviews_on_push: true,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_approving_review_count: approvals,
      required_review_thread_resolution: true,
    },
  };
}

function requireChecks(checks: readonly string[]): readonly RulesetRule[] {
  if (checks.length === 0) return [];
  return [{
    type: "required_status_checks",
    parameters: {
      // `branch` creates develop by a push, at a commit of main.
      do_not_enforce_on_create: true,
      required_status_checks: checks.map((context) => ({ context })),
      strict_required_status_checks_policy: true,
    },
  }];
}

/** Releases are tagged `v…`; tags of finished branches may have other names. */
function protectTags({ branches }: Strategy): Ruleset {
  const any = { phase: "*", version: "*", minor: "*", name: "*" };
  const others = branches.flatMap(({ tag }) => tag === null || tag.startsWith("v") ? [] : [fillPattern(tag, any)]);
  return {
    name: "Tags of releases and phases",
    target: "tag",
    enforcement: "active",
    conditions: { ref_name: { include: ["v*", ...others].map((tag) => `refs/tags/${tag}`), exclude: [] } },
    rules: [{ type: "deletion" }, { type: "non_fast_forward" }, { type: "update" }],
    bypass_actors: [],
  };
}
