import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  digestConditions,
  type EvidenceDemand,
  findWeakenings,
  type GateConfig,
  parseGateConfig,
  parseRequirement,
} from "../../../lib/gate/mod.ts";

const TEXT = Deno.readTextFileSync(fileURLToPath(new URL("../../../config/phases.yml", import.meta.url)));
const SHIPPED = parseGateConfig(TEXT);

/** Values that demand less than the given one; an empty list if nothing does. */
type Weaker = (value: never, demand: EvidenceDemand) => readonly unknown[];

type Choices = Readonly<Record<string, readonly string[]>>;

const widerChoices = (value: Choices) => [
  ...Object.keys(value).map((path) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== path))),
  ...Object.keys(value).map((path) => ({ ...value, [path]: [...value[path]!, "none"] })),
];
/** Fewer reports can refute, or more can prove. */
const otherChoices = (value: Choices, { proofWhere }: EvidenceDemand) => [
  ...Object.keys(value).map((path) => ({ ...value, [path]: value[path]!.slice(1) })),
  { ...value, seed: ["42"] },
  ...Object.keys(value).filter((path) => !Object.hasOwn(proofWhere, path))
    .map((path) => ({ ...value, [path]: [...value[path]!, "none"] })),
];
const lessOne = (values: readonly unknown[]) => values.map((one) => values.filter((other) => other !== one));
const nothing: Weaker = () => [];

/**
 * By path of a leaf in a resolved condition: how it can be weakened. A list is one leaf. A leaf that is not here makes
 * the test fail: whoever adds a key decides what weakens it.
 */
const WEAKER: Readonly<Record<string, Weaker>> = {
  "id": nothing,
  "title": nothing,
  "phase": nothing,
  "command": nothing,
  "counted": nothing,
  "level": (value: string) => value === "error" ? ["warn", "off"] : value === "warn" ? ["off"] : [],
  "onNoData": (value: string) => value === "fail" ? ["inconclusive"] : [],
  "isQuick": (value: boolean) => value ? [false] : [],
  "require": (value: { readonly text: string; readonly op: string; readonly limit: number } | null) => {
    if (value === null) return [];
    const limit = value.text.replace(/^[<>=]+ /, "");
    const bound = value.op.startsWith("<") ? value.limit * 1.01 : value.limit * 0.99;
    const others = value.op === "=" ? [`<= ${limit}`, `>= ${limit}`, "= 1"] : [`${value.op[0]}= ${limit}`];
    return [
      null,
      ...others.filter((text) => text !== value.text).map(parseRequirement),
      ...value.op === "=" ? [] : [{ ...value, limit: bound }],
    ];
  },
  "minCount": (value: number) => value > 1 ? [value - 1] : [],
  "confidence": (value: number) => [value - 0.01],
  "timeoutMs": (value: number) => [value + 1],
  "source.type": (value: string) => [value === "check" ? "evidence" : "check"],
  "source.name": () => ["other"],
  "source.judge": (value: string) => ["taken", "verdict", "count"].filter((one) => one !== value),
  "source.claims": lessOne,
  "source.parameters.flags": (
    value: readonly string[],
  ) => [...lessOne(value), [...value, "--ignore=tests/x"], undefined],
  "source.parameters.paths": lessOne,
  "source.parameters.roots": lessOne,
  "source.parameters.since": () => [["HEAD"]],
  "source.parameters.except": (value: readonly string[]) => [[...value, "lib/a.ts"]],
  "source.demand.schema": () => ["other/report"],
  "source.demand.sameCommit": () => [false],
  "source.demand.sameMachine": (value: boolean) => [!value],
  "source.demand.sources": (value: readonly string[] | null) => value === null ? [["lib"]] : lessOne(value),
  "source.demand.maxAgeMs": (value: number | null) => value === null ? [1000] : [value + 1, value - 1, null],
  "source.demand.minDurationMs": (value: number) => value > 0 ? [value - 1, 0] : [],
  "source.demand.maxPauseMs": (value: number | null) => value === null ? [] : [value + 1, null],
  "source.demand.where": otherChoices,
  "source.demand.whereOf": (value: Readonly<Record<string, Choices>>) => [
    ...Object.keys(value).map((claim) => ({ ...value, [claim]: { ...value[claim], seed: ["42"] } })),
    { ...value, other: { seed: ["42"] } },
  ],
  "source.demand.proofWhere": widerChoices,
};

/** Leaves that must not change in either direction. */
const UNORDERED = [
  ...["source.type", "source.name", "source.judge", "source.demand.schema", "source.demand.sameCommit"],
  ...["source.demand.sameMachine", "source.demand.maxAgeMs", "source.demand.where", "source.demand.whereOf"],
];

function listLeaves(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  const place = path.join(".");
  if (Object.hasOwn(WEAKER, place) || typeof value !== "object" || value === null || Array.isArray(value)) {
    return [path];
  }
  return Object.entries(value).flatMap(([key, one]) => listLeaves(one, [...path, key]));
}

function valueAt(condition: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => Reflect.get(value as object, key), condition);
}

/** The conditions of one phase with one leaf changed. */
function withLeaf(phase: number, condition: number, path: readonly string[], value: unknown): GateConfig {
  const { conditions } = SHIPPED.phases[phase]!;
  // A copy, because phases share the parts of a condition.
  const copy = structuredClone(conditions[condition]!);
  Reflect.set(valueAt(copy, path.slice(0, -1)) as object, path.at(-1)!, value);
  const changed = { ...SHIPPED.phases[phase]!, conditions: conditions.with(condition, copy) };
  return { ...SHIPPED, phases: [changed] };
}

Deno.test("findWeakenings() finds every leaf of config/phases.yml that is loosened", () => {
  let tried = 0;
  for (const [index, phase] of SHIPPED.phases.entries()) {
    const shipped = { ...SHIPPED, phases: [phase] };
    for (const [place, condition] of phase.conditions.entries()) {
      for (const path of listLeaves(condition, [])) {
        const name = path.join(".");
        const make = WEAKER[name];
        if (make === undefined) throw new Error(`Nobody has decided what weakens "${name}": add it to WEAKER`);
        const { source } = condition;
        const demand = source.type === "evidence" ? source.demand : undefined;
        for (const value of make(valueAt(condition, path) as never, demand!)) {
          const found = findWeakenings(shipped, withLeaf(index, place, path, value));
          assertEquals(found.length, 1, `${condition.id}: ${name} to ${JSON.stringify(value)}`);
          const shown = name.replace("source.demand.", "evidence.").replace("source.parameters.", "with.")
            .replace("source.", "").replace(/Ms$/, "").replace("isQuick", "quick");
          assertMatch(found[0]!, new RegExp(`^phase ${phase.name}, ${condition.id}: ${shown} was `));
          // The other direction demands more, where there is one.
          const isStricter = ![...UNORDERED, "require"].includes(name) && !name.startsWith("source.parameters.");
          if (isStricter) assertEquals(findWeakenings(withLeaf(index, place, path, value), shipped), [], name);
          tried++;
        }
      }
    }
  }
  assertEquals(tried > 1000, true, `${tried} weakenings were tried`);
});

Deno.test("findWeakenings() finds every condition, phase and source that is gone", () => {
  for (const [index, phase] of SHIPPED.phases.entries()) {
    const phases = SHIPPED.phases.filter((one) => one !== phase);
    assertEquals(findWeakenings(SHIPPED, { ...SHIPPED, phases }), [`phase ${phase.name} is gone`]);
    for (const condition of phase.conditions) {
      const conditions = phase.conditions.filter((one) => one !== condition);
      const less = { ...SHIPPED, phases: SHIPPED.phases.with(index, { ...phase, conditions }) };
      assertEquals(findWeakenings(SHIPPED, less), [`phase ${phase.name}, ${condition.id} is gone`]);
      assertEquals(findWeakenings(less, SHIPPED), []);
    }
  }
  for (const sources of lessOne(SHIPPED.sources) as readonly (readonly string[])[]) {
    assertEquals(findWeakenings(SHIPPED, { ...SHIPPED, sources }).length, 1);
  }
});

Deno.test("findWeakenings() tells a lost source of all reports once, and the digest of every phase changes", () => {
  const less = parseGateConfig(TEXT.replace("\nsources: [lib, scripts, ", "\nsources: [lib, "));
  const lines = findWeakenings(SHIPPED, less);
  assertEquals(lines.length, 1);
  assertMatch(lines[0]!, /^sources was \["lib","scripts",.*, and is \["lib","checks",/);
  for (const [index, phase] of less.phases.entries()) {
    assertEquals(digestConditions(phase) !== digestConditions(SHIPPED.phases[index]!), true, phase.name);
  }
});

Deno.test("findWeakenings() says durations with their unit", () => {
  const parse = (evidence: string) =>
    parseGateConfig(
      `version: 1\nphases:\n  - name: 1\n    title: One\n    conditions:\n      - { id: a, title: A, judge: run, ` +
        `evidence: { schema: a/b, ${evidence} } }\n`,
    );
  assertEquals(findWeakenings(parse("maxAge: 14d, minDuration: 2h"), parse("minDuration: 90m")), [
    "phase 1, a: evidence.maxAge was 14d, and is absent",
    "phase 1, a: evidence.minDuration was 2h, and is 1h 30m",
  ]);
});

Deno.test("findWeakenings() takes fewer reports that refute for a weakening, and fewer that prove for none", () => {
  const parse = (evidence: string) =>
    parseGateConfig(
      `version: 1\nphases:\n  - name: 1\n    title: One\n    conditions:\n      - { id: a, title: A, judge: run, ` +
        `evidence: { schema: a/b, ${evidence} } }\n`,
    );
  const weakerOf = (before: string, after: string) => findWeakenings(parse(before), parse(after));
  const both = "where: { toxics: [mild, harsh] }";
  const mild = "where: { toxics: [mild] }";
  assertEquals(weakerOf(both, mild), [
    'phase 1, a: evidence.where was {"toxics":["mild","harsh"]}, and is {"toxics":["mild"]}',
  ]);
  assertEquals(weakerOf(mild, both).length, 1);
  assertEquals(weakerOf(mild, "where: { toxics: [mild], seed: ['42'] }").length, 1);
  // What is no proof any more can still refute.
  const proof = `${both}, proofWhere: { toxics: [mild] }`;
  assertEquals([weakerOf(both, proof), weakerOf(mild, proof)], [[], []]);
  assertEquals(weakerOf(both, "proofWhere: { toxics: [harsh, mild] }"), []);
  assertEquals(weakerOf(proof, both).length, 1);
  // Only the keys by which it is weaker are told.
  assertEquals(weakerOf(both, "where: { toxics: [harsh] }, proofWhere: { engine: [all] }"), [
    'phase 1, a: evidence.where was {"toxics":["mild","harsh"]}, and is {"toxics":["harsh"]}',
  ]);
  // Of one claim.
  assertEquals(weakerOf(mild, `${mild}, whereOf: { integrity: {} }`), []);
  assertEquals(weakerOf(`${mild}, whereOf: { integrity: {} }`, mild), [
    'phase 1, a: evidence.whereOf was {"integrity":{}}, and is {}',
  ]);
  assertEquals(weakerOf("maxAge: 14d", "maxAge: 1m"), ["phase 1, a: evidence.maxAge was 14d, and is 1m"]);
});

Deno.test("findWeakenings() accepts other words, and stricter limits", () => {
  const parse = (condition: string) =>
    parseGateConfig(`version: 1\nphases:\n  - name: 1\n    title: One\n    conditions:\n      - ${condition}\n`);
  const before = parse('{ id: a, title: A, check: x, require: "<= 5", minCount: 3 }');
  assertEquals(findWeakenings(before, parse('{ id: a, title: B, check: x, require: "< 5", minCount: 4 }')), []);
  assertEquals(findWeakenings(before, parse('{ id: a, title: A, check: x, require: "> 5", minCount: 3 }')), [
    "phase 1, a: require was <= 5, and is > 5",
  ]);
});
