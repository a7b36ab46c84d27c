import { canonicalJson, formatDuration } from "../../base/mod.ts";
import type { EvidenceDemand, GateConfig } from "./gate_config.ts";
import type { Requirement } from "./requirement.ts";

/** Whether the second value demands less than the first. */
type Order = (before: unknown, after: unknown) => boolean;

/**
 * List what a phases file demands less than another one: conditions that are gone, and every key of a condition that
 * was loosened. Conditions and keys that demand more are no weakening.
 *
 * A key for which no order is known, such as a new one, counts as loosened whenever it differs. So does one that makes
 * fewer reports fail the condition, although fewer may pass.
 *
 * @param before The earlier conditions, with inheritance and defaults resolved
 * @param after The conditions now
 * @returns A line for each weakening; empty if there is none
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findWeakenings, parseGateConfig } from "@civitai-dl/civitai-dl/gate";
 *
 * const parse = (limit: string) =>
 *   parseGateConfig(`version: 1
 * phases:
 *   - name: release
 *     title: Ready to ship
 *     conditions:
 *       - { id: lint, title: Few warnings, check: lint, require: "< ${limit}" }`);
 * assertEquals(findWeakenings(parse("5"), parse("9")), ["phase release, lint: require was < 5, and is < 9"]);
 * assertEquals(findWeakenings(parse("5"), parse("4")), []);
 * ```
 */
export function findWeakenings(before: GateConfig, after: GateConfig): readonly string[] {
  const lost = describe("sources", before.sources, after.sources);
  const weaker = hasLost(before.sources, after.sources) ? [lost] : [];
  for (const phase of before.phases) {
    const now = after.phases.find(({ name }) => name === phase.name);
    if (now === undefined) weaker.push(`phase ${phase.name} is gone`);
    for (const condition of now === undefined ? [] : phase.conditions) {
      const place = `phase ${phase.name}, ${condition.id}`;
      const one = now!.conditions.find(({ id }) => id === condition.id);
      if (one === undefined) weaker.push(`${place} is gone`);
      else {
        // The sources of all kinds are told once, and not again by each condition.
        const texts = compare(condition, one, "").filter((text) => text !== `evidence.${lost}`);
        weaker.push(...texts.map((text) => `${place}: ${text}`));
      }
    }
  }
  return weaker;
}

const never: Order = () => false;
const isLower: Order = (before, after) => !(Number(after) >= Number(before));
const isHigher: Order = (before, after) => !(Number(after) <= Number(before));
/** Of a limit that `null` switches off. */
const isLooser: Order = (before, after) => before !== null && (after === null || isHigher(before, after));
const isSwitchedOff: Order = (before, after) => before === true && after !== true;
const hasLost: Order = (before, after) =>
  !Array.isArray(before) || !Array.isArray(after)
    ? JSON.stringify(before) !== JSON.stringify(after)
    : before.some((one) => !after.includes(one));
const hasGained: Order = (before, after) => Array.isArray(after) && hasLost(after, Array.isArray(before) ? before : []);

const LEVELS = ["off", "warn", "error"];
const MISSING = ["inconclusive", "fail"];

/** Path of the demands on a report. */
const DEMAND = "source.demand";

/**
 * By path in a condition: when it demands less. Text for people does not count; every other path must not differ. The
 * age, machine and commit of reports are such: a shorter age hides one that fails as a longer one admits one that passes.
 * More sources hide none that a change of a source would not hide, too.
 */
const ORDERS: Readonly<Record<string, Order>> = {
  "title": never,
  "command": never,
  "phase": never,
  "level": (before, after) => isLower(LEVELS.indexOf(String(before)), LEVELS.indexOf(String(after))),
  "onNoData": (before, after) => isLower(MISSING.indexOf(String(before)), MISSING.indexOf(String(after))),
  "isQuick": isSwitchedOff,
  "require": (before, after) => isWeakerRequirement(before as Requirement | null, after as Requirement | null),
  "minCount": isLower,
  "counted": never,
  "confidence": isLower,
  "timeoutMs": isHigher,
  "source.parameters.paths": hasLost,
  "source.parameters.roots": hasLost,
  "source.parameters.except": hasGained,
  "source.claims": hasLost,
  // What passes by tests of all claims together also passes by the interval of each.
  "source.judge": (before, after) => before !== after && !(before === "interval" && after === "ratios"),
  "source.demand.sources": (before, after) => after !== null && hasLost(before, after),
  "source.demand.maxPauseMs": isLooser,
  "source.demand.minDurationMs": isLower,
};

function compare(before: object, after: object, path: string): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const place = path === "" ? key : `${path}.${key}`;
    const old: unknown = Reflect.get(before, key);
    const now: unknown = Reflect.get(after, key);
    if (Object.hasOwn(ORDERS, place)) return ORDERS[place]!(old, now) ? [describe(place, old, now)] : [];
    if (isObject(old) && isObject(now)) {
      return place === DEMAND ? compareDemands(old as EvidenceDemand, now as EvidenceDemand) : compare(old, now, place);
    }
    return JSON.stringify(old) === JSON.stringify(now) ? [] : [describe(place, old, now)];
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a number can meet the second requirement, but not the first; an unlike comparison counts as weaker. */
function isWeakerRequirement(before: Requirement | null, after: Requirement | null): boolean {
  if (before === null) return false;
  if (after === null || before.isShare !== after.isShare) return true;
  if (before.op === "=" || after.op === "=") return before.op !== after.op || before.limit !== after.limit;
  if (before.op[0] !== after.op[0]) return true;
  if (before.limit === after.limit) return after.op.length > before.op.length;
  return before.op.startsWith("<") ? after.limit > before.limit : after.limit < before.limit;
}

type Choices = EvidenceDemand["where"];

/**
 * Compare the demands of a condition. Their fields are weaker if a report can prove that could not before, and also if
 * one cannot refute any more that could: a failure that nobody has to look at is none.
 */
function compareDemands(before: EvidenceDemand, after: EvidenceDemand): readonly string[] {
  const keys = new Set([
    ...refutesLess(before, after) ? ["where", "whereOf"] as const : [],
    ...admitsMore(proofOf(before), proofOf(after)) ? ["where", "proofWhere"] as const : [],
  ]);
  const changed = [...keys].filter((key) => canonicalJson(before[key]) !== canonicalJson(after[key]));
  return [
    ...changed.map((key) => describe(`${DEMAND}.${key}`, before[key], after[key])),
    ...compare(withoutChoices(before), withoutChoices(after), DEMAND),
  ];
}

/** Whether some report may be unable to refute now that could before: patterns of claims may overlap. */
function refutesLess(before: EvidenceDemand, after: EvidenceDemand): boolean {
  return admitsMore(after.where, before.where) ||
    Object.entries(before.whereOf).some(([claim, choice]) =>
      !Object.hasOwn(after.whereOf, claim) || admitsMore(after.whereOf[claim]!, choice)
    ) ||
    Object.entries(after.whereOf).some(([claim, choice]) =>
      !Object.hasOwn(before.whereOf, claim) && admitsMore(choice, before.where)
    );
}

function withoutChoices({ where: _, whereOf: __, proofWhere: ___, ...others }: EvidenceDemand): object {
  return others;
}

/** The values that a report may have to prove anything: those of `where` that `proofWhere` allows, too. */
function proofOf({ where, proofWhere }: EvidenceDemand): Choices {
  const both = Object.keys(where).filter((path) => Object.hasOwn(proofWhere, path));
  const common = both.map((path) => [path, where[path]!.filter((value) => proofWhere[path]!.includes(value))]);
  return { ...where, ...proofWhere, ...Object.fromEntries(common) };
}

/** Whether the second choice admits a report that the first one does not. */
function admitsMore(before: Choices, after: Choices): boolean {
  return Object.entries(before).some(([path, values]) => !Object.hasOwn(after, path) || hasGained(values, after[path]));
}

/** Describe a change in the words of the file. */
function describe(path: string, before: unknown, after: unknown): string {
  const name = path.replace(/^source\.demand\./, "evidence.").replace(/^source\.parameters\b/, "with")
    .replace(/^source\./, "").replace(/Ms$/, "").replace(/^isQuick$/, "quick");
  const [was, is] = [before, after].map((value) =>
    path.endsWith("Ms") && typeof value === "number" ? formatDuration(value) : format(value)
  );
  return `${name} was ${was}, and is ${is}`;
}

function format(value: unknown): string {
  if (value === null) return "absent";
  if (isObject(value) && "text" in value) return String(value.text);
  return value === undefined ? "absent" : typeof value === "string" ? value : JSON.stringify(value);
}
