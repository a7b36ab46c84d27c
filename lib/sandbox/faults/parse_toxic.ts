import { closest, parseDuration, parseSize } from "../../base/mod.ts";
import { TOXIC_ROUTES, type ToxicRoute, type ToxicRule, type ToxicType } from "./toxic_rule.ts";

/**
 * For each fault, the field that the value after the colon sets, and the parser of the value; `null` if the fault takes
 * no value.
 */
const VALUES: Readonly<Record<ToxicType, readonly [string, (text: string) => unknown] | null>> = {
  latency: ["ms", parseDuration],
  jitter: ["ms", parseDuration],
  bandwidth: ["bytesPerSecond", parsePositiveSize],
  slowBody: ["ms", parseDuration],
  trickle: ["bytesPerSecond", parsePositiveSize],
  silence: null,
  reset: ["atByte", parseSize],
  stall: ["atByte", parseSize],
  truncate: ["atByte", parseSize],
  corrupt: ["atByte", parseSize],
  wrongRange: ["how", oneOf("ignore", "start", "total")],
  serverError: ["status", parseStatus],
  throttle: ["retryAfterSeconds", (text) => parseDuration(text) / 1000],
  changedEtag: null,
  expiredUrl: null,
  loginHtml: null,
  emptyImages: null,
  controlCharacters: null,
};
const NEEDS_VALUE: readonly string[] = ["latency", "jitter", "bandwidth", "slowBody", "trickle"];
const SCOPE: Readonly<Record<string, (text: string) => unknown>> = {
  rate: parseRate,
  seed: parseWhole,
  on: parseRoutes,
  burst: parseWhole,
  first: parseWhole,
};
const EXTRAS: Readonly<Partial<Record<ToxicType, Readonly<Record<string, (text: string) => unknown>>>>> = {
  slowBody: { chunkBytes: parsePositiveSize },
  trickle: { forMs: parseDuration },
  throttle: { form: oneOf("seconds", "date") },
};

/**
 * Parse a fault in its text form: `type[:value][,name=value…]`, such as `latency:80ms,rate=0.1`, `reset:64K,first=1`,
 * `throttle:2s,form=date`, `stall,rate=0.01,on=storage+image`.
 *
 * @param text What the user wrote
 * @returns The rule
 * @throws {SyntaxError} If the text is not a valid fault; the message describes what is expected
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseToxic } from "@civitai-dl/civitai-dl/sandbox";
 *
 * assertEquals(parseToxic("latency:80ms,rate=10%"), { type: "latency", ms: 80, rate: 0.1 });
 * assertEquals(parseToxic("reset:64K,first=1"), { type: "reset", atByte: 65_536, first: 1 });
 * ```
 */
export function parseToxic(text: string): ToxicRule {
  const [head = "", ...settings] = text.split(",").map((part) => part.trim());
  const [name = "", ...values] = head.split(":");
  const type = findName(text, "toxic", name, Object.keys(TOXIC_ROUTES)) as ToxicType;
  const value = values.length === 0 ? null : values.join(":");
  const rule: Record<string, unknown> = { type, ...readValue(text, type, value) };
  const readers = { ...SCOPE, ...EXTRAS[type] };
  for (const setting of settings) {
    const equals = setting.indexOf("=");
    if (equals < 0) throw new SyntaxError(`Cannot parse toxic "${text}": "${setting}" is not name=value`);
    const key = findName(text, "setting", setting.slice(0, equals), Object.keys(readers));
    rule[key] = read(text, readers[key]!, setting.slice(equals + 1));
  }
  return rule as unknown as ToxicRule;
}

function readValue(text: string, type: ToxicType, value: string | null): Record<string, unknown> {
  const reader = VALUES[type];
  if (value === null) {
    if (!NEEDS_VALUE.includes(type)) return {};
    const example = { bandwidth: "20M", trickle: "100" }[type as string] ?? "80ms";
    throw new SyntaxError(`Cannot parse toxic "${text}": write a value, such as "${type}:${example}"`);
  }
  if (reader === null) throw new SyntaxError(`Cannot parse toxic "${text}": "${type}" takes no value`);
  return { [reader[0]]: read(text, reader[1], value) };
}

function read(text: string, reader: (value: string) => unknown, value: string): unknown {
  try {
    return reader(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`Cannot parse toxic "${text}": ${error.message}`, { cause: error });
  }
}

/** Find the known name that matches, ignoring case, hyphens and underscores. */
function findName(text: string, kind: string, name: string, known: readonly string[]): string {
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, "");
  const found = known.find((word) => plain(word) === plain(name));
  if (found !== undefined) return found;
  const near = closest(name, known);
  const advice = near === undefined ? `known are ${known.join(", ")}` : `did you mean "${near}"`;
  throw new SyntaxError(`Cannot parse toxic "${text}": unknown ${kind} "${name}"; ${advice}`);
}

function oneOf(...choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    throw new SyntaxError(`"${text}" is not one of ${choices.join(", ")}`);
  };
}

function parseRate(text: string): number {
  const rate = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() !== "" && rate >= 0 && rate <= 1) return rate;
  throw new SyntaxError(`rate "${text}" is not between 0 and 1`);
}

function parseWhole(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new SyntaxError(`"${text}" is not a whole number`);
}

function parsePositiveSize(text: string): number {
  const bytes = parseSize(text);
  if (bytes > 0) return bytes;
  throw new SyntaxError(`"${text}" is not more than 0`);
}

function parseStatus(text: string): number {
  if (/^5\d\d$/.test(text)) return Number(text);
  throw new SyntaxError(`status "${text}" is not between 500 and 599`);
}

function parseRoutes(text: string): readonly ToxicRoute[] {
  const known = TOXIC_ROUTES.latency;
  return text.split("+").map((word) => {
    const route = known.find((it) => it === word);
    if (route !== undefined) return route;
    throw new SyntaxError(`route "${word}" is not one of ${known.join(", ")}`);
  });
}
