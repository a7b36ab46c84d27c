import { canonicalJson } from "../../base/mod.ts";
import { type BypassActor, ROLE_IDS, type Ruleset, type RulesetRule, type StoredRuleset } from "./ruleset.ts";

/** What kind of difference there is between a file and GitHub. */
export type DriftKind =
  | "ruleset-missing"
  | "ruleset-twice"
  | "target"
  | "enforcement"
  | "refs"
  | "rule-missing"
  | "rule-extra"
  | "parameter"
  | "bypass"
  | "bypass-hidden";

/** A difference between a file of `.github/rulesets` and GitHub. */
export interface Drift {
  /** What differs. */
  readonly kind: DriftKind;
  /** What GitHub has and what the file says, in words, without a period. */
  readonly message: string;
}

/**
 * Compare a ruleset of a file with the one that GitHub keeps. What GitHub adds, such as dates, links and parameters that
 * the file does not name, is no difference.
 *
 * @param wanted The ruleset of the file
 * @param stored The ruleset of GitHub
 * @returns The differences; none if they are equal
 */
export function compareRuleset(wanted: Ruleset, stored: StoredRuleset): readonly Drift[] {
  const drifts: Drift[] = [];
  if (stored.target !== wanted.target) {
    drifts.push({ kind: "target", message: `it is for a ${stored.target}, and must be for a ${wanted.target}` });
  }
  if (stored.enforcement !== wanted.enforcement) {
    drifts.push({ kind: "enforcement", message: `it is ${stored.enforcement}, and must be ${wanted.enforcement}` });
  }
  drifts.push(...compareRefs(wanted, stored));
  for (const rule of wanted.rules) {
    const found = stored.rules.find(({ type }) => type === rule.type);
    if (found === undefined) drifts.push({ kind: "rule-missing", message: `the rule ${rule.type} is missing` });
    else drifts.push(...compareParameters(rule, found));
  }
  for (const { type } of stored.rules) {
    if (wanted.rules.some((rule) => rule.type === type)) continue;
    drifts.push({ kind: "rule-extra", message: `it has the rule ${type}, and the file has not` });
  }
  return [...drifts, ...compareActors(wanted.bypass_actors, stored.bypass_actors)];
}

/** Two lists without regard to order: what the first lacks, and what it has besides. */
function diffLists<T>(wanted: readonly T[], found: readonly T[], keyOf: (one: T) => string) {
  const wantedKeys = new Set(wanted.map(keyOf));
  const foundKeys = new Set(found.map(keyOf));
  return {
    missing: wanted.filter((one) => !foundKeys.has(keyOf(one))),
    extra: found.filter((one) => !wantedKeys.has(keyOf(one))),
  };
}

function compareRefs(wanted: Ruleset, stored: StoredRuleset): readonly Drift[] {
  const want = wanted.conditions.ref_name;
  const have = stored.conditions.ref_name;
  const included = diffLists(want.include, have.include, String);
  const excluded = diffLists(want.exclude, have.exclude, String);
  return [
    ...included.missing.map((ref) => `it does not cover ${ref}`),
    ...included.extra.map((ref) => `it also covers ${ref}`),
    ...excluded.missing.map((ref) => `it does not leave out ${ref}`),
    ...excluded.extra.map((ref) => `it leaves out ${ref}`),
  ].map((message) => ({ kind: "refs", message }));
}

function compareParameters(wanted: RulesetRule, stored: RulesetRule): readonly Drift[] {
  const drifts: Drift[] = [];
  for (const [name, value] of Object.entries(wanted.parameters ?? {})) {
    const found = stored.parameters?.[name];
    const messages = name === "required_status_checks"
      ? compareChecks(value, found)
      : isSame(value, found)
      ? []
      : [`${name} is ${describe(found)}, and must be ${describe(value)}`];
    drifts.push(
      ...messages.map((message) => ({ kind: "parameter" as const, message: `rule ${wanted.type}: ${message}` })),
    );
  }
  return drifts;
}

/** A status check of the rule `required_status_checks`; the id of an app means that only its report counts. */
interface StatusCheck {
  readonly context: string;
  readonly "integration_id"?: number | null;
}

function compareChecks(wanted: unknown, found: unknown): readonly string[] {
  const { missing, extra } = diffLists(checksOf(wanted), checksOf(found), nameOfCheck);
  return [
    ...missing.map((check) => `the check ${nameOfCheck(check)} is not required`),
    ...extra.map((check) => `the check ${nameOfCheck(check)} is required, and not in the file`),
  ];
}

function checksOf(value: unknown): readonly StatusCheck[] {
  return Array.isArray(value) ? value : [];
}

function nameOfCheck({ context, integration_id: app }: StatusCheck): string {
  return app === undefined || app === null ? `"${context}"` : `"${context}" of app ${app}`;
}

/** Compare values; the order of a list does not matter. */
function isSame(wanted: unknown, found: unknown): boolean {
  return canonicalJson(sorted(wanted)) === canonicalJson(sorted(found));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonicalJson).toSorted();
  return value ?? null;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (Array.isArray(value)) return value.length === 0 ? "empty" : value.map(describe).join(" and ");
  return typeof value === "object" ? canonicalJson(value) : String(value);
}

function compareActors(
  wanted: readonly BypassActor[],
  stored: readonly BypassActor[] | null,
): readonly Drift[] {
  if (stored === null) {
    return [{ kind: "bypass-hidden", message: "GitHub does not show this token who may bypass it" }];
  }
  const { missing, extra } = diffLists(wanted, stored, nameOfActor);
  const modes = wanted.flatMap((actor) => {
    const found = stored.find((one) => nameOfActor(one) === nameOfActor(actor));
    if (found === undefined || found.bypass_mode === actor.bypass_mode) return [];
    return [`${nameOfActor(actor)} may bypass it "${found.bypass_mode}", and must "${actor.bypass_mode}"`];
  });
  return [
    ...missing.map((actor) => `${nameOfActor(actor)} may not bypass it`),
    ...extra.map((actor) => `${nameOfActor(actor)} may bypass it (${actor.bypass_mode}), and is not in the file`),
    ...modes,
  ].map((message) => ({ kind: "bypass", message }));
}

function nameOfActor({ actor_id: id, actor_type: type }: BypassActor): string {
  const role = Object.entries(ROLE_IDS).find(([, known]) => known === id)?.[0];
  if (type === "RepositoryRole" && role !== undefined) return `the role ${role}`;
  // GitHub ignores the id of these.
  if (type === "OrganizationAdmin" || type === "DeployKey" || id === null) return type;
  return `${type} ${id}`;
}
