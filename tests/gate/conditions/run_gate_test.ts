import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import {
  type GateCheck,
  type GateReport,
  parseGateConfig,
  runGate,
  type RunGateOptions,
} from "../../../lib/gate/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { DAY_MS, evidenceText, MACHINE, NOW, SHA } from "../../helpers/evidence/gate_evidence.ts";

const clean: GateCheck = () =>
  Promise.resolve({ value: 0, count: 3, unit: "files", measured: "0 in 3 files", problems: [] });

function gate(conditions: string, options: RunGateOptions = {}): Promise<GateReport> {
  const { phases } = parseGateConfig(
    `version: 1\nphases:\n  - name: 1\n    title: One\n    conditions:\n${conditions}`,
  );
  const repository = { sha: SHA, isDirty: false, changedSince: () => Promise.resolve([]) };
  return runGate(phases[0]!, { clock: new FakeClock(NOW), repository, machine: MACHINE, ...options });
}

const CHECK = '      - { id: a, title: A, check: a, require: "= 0" }\n';
const DAY = '      - { id: day, title: Day, claims: ["*"], ' +
  "evidence: { schema: test/soak, minDuration: 24h, maxAge: 14d, sameMachine: true } }\n";
const CLAIMS = [
  { id: "timeout_rate", kind: "rate", unit: "rate", events: 0, trials: 900, requirement: { op: "<", value: 0.01 } },
];

async function judgeDay(text: string, options: RunGateOptions = {}): Promise<readonly [string, string]> {
  const { rows } = await gate(DAY, { evidence: [{ name: "reports/soak-1.json", text }], ...options });
  return [rows[0]!.verdict, rows[0]!.reason];
}

Deno.test("runGate() checks every condition, whatever the others return", async () => {
  const seen: string[] = [];
  const { rows, verdict } = await gate(
    CHECK + CHECK.replaceAll(/\ba\b/gi, "b") + CHECK.replaceAll(/\ba\b/gi, "c") + DAY,
    {
      checks: {
        a: () => Promise.reject(new Error("no such program")),
        b: async (...args) => ({ ...await clean(...args), value: 2 }),
        c: clean,
      },
      onRow: (row) => void seen.push(row.id),
    },
  );
  assertEquals(rows.map((row) => row.verdict), ["not evaluated", "fail", "pass", "not evaluated"]);
  assertEquals(rows[0]!.reason, "it could not be run: no such program");
  assertEquals([verdict, seen.length], ["fail", 4]);
});

Deno.test("runGate() does not pass without the evidence of a condition", async () => {
  const report = await gate(CHECK + DAY, { checks: { a: clean } });
  assertEquals([report.verdict, report.rows[1]!.verdict], ["inconclusive", "not evaluated"]);
});

Deno.test("runGate() fails a check that executed nothing, and one that hangs", async () => {
  const nothing = await gate(CHECK, { checks: { a: async (...args) => ({ ...await clean(...args), count: 0 }) } });
  assertEquals([nothing.rows[0]!.verdict, nothing.rows[0]!.reason], ["fail", "0 files, at least 1 required"]);
  const hangs: GateCheck = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const slow = await gate(CHECK.replace("id: a", "id: a, timeout: 20ms"), { checks: { a: hangs } });
  assertEquals([slow.rows[0]!.verdict, slow.rows[0]!.reason], ["fail", "it did not end within 20ms"]);
});

Deno.test("runGate() leaves a check open whose numbers allow both answers, unless it executed nothing", async () => {
  const doubt = "the machine was busy";
  const open = await gate(CHECK, { checks: { a: async (...args) => ({ ...await clean(...args), doubt }) } });
  assertEquals([open.verdict, open.rows[0]!.verdict, open.rows[0]!.reason], ["inconclusive", "inconclusive", doubt]);
  const none = await gate(CHECK, { checks: { a: async (...args) => ({ ...await clean(...args), doubt, count: 0 }) } });
  assertEquals(none.verdict, "fail");
});

Deno.test.each(["it throws", "it reports what its killed process left"])(
  "runGate() that is stopped reports what it has judged, and leaves the rest open: %s",
  async (how) => {
    const stop = new AbortController();
    const stopping: GateCheck = async (...args) => {
      stop.abort(new KitError("interrupted", "Stopped"));
      if (how === "it throws") throw new Error("killed");
      return { ...await clean(...args), value: 9 };
    };
    const [second, third] = ["b", "c"].map((id) => CHECK.replaceAll(/\ba\b/gi, id));
    const report = await gate(CHECK + second + third, {
      checks: { a: clean, b: stopping, c: clean },
      signal: stop.signal,
    });
    assertEquals(report.rows.map((row) => row.verdict), ["pass", "not evaluated", "not evaluated"]);
    assertEquals(report.rows[1]!.reason, "the gate was stopped before it was judged");
    assertEquals([report.isStopped, report.verdict], [true, "inconclusive"]);
  },
);

Deno.test("runGate() that is stopped waits for no check that goes on", async () => {
  const stop = new AbortController();
  const goesOn: GateCheck = () => {
    queueMicrotask(() => stop.abort(new KitError("interrupted", "Stopped")));
    return new Promise(() => {});
  };
  const clock = new FakeClock(NOW);
  const report = await gate(CHECK, { checks: { a: goesOn }, signal: stop.signal, clock });
  assertEquals([report.isStopped, report.rows[0]!.verdict, clock.sleeps], [true, "not evaluated", [4000]]);
});

Deno.test("runGate() judges a selection and lists what it skipped", async () => {
  const quick = CHECK.replace("id: a", "id: a, quick: true");
  const report = await gate(quick + DAY, { checks: { a: clean }, isQuick: true });
  assertEquals([report.verdict, report.isPartial, report.leftOut], ["pass", true, ["day"]]);
  assertEquals((await gate(quick + DAY, { checks: { a: clean }, only: ["day"] })).rows.map((row) => row.id), ["day"]);
  const error = await assertRejects(() => gate(DAY, { only: ["dya"] }), KitError);
  assertEquals(error.exitCode, 2);
  await assertRejects(() => gate(DAY, { isQuick: true }), KitError, "the selection contains no condition");
});

Deno.test("runGate() accepts a report of 24 h, but not one that is a second shorter", async () => {
  assertEquals(await judgeDay(evidenceText({ claims: CLAIMS })), ["pass", ""]);
  const [verdict, reason] = await judgeDay(evidenceText({ claims: CLAIMS, actualMs: DAY_MS - 60_000 }));
  assertEquals([verdict, reason], ["fail", "reports/soak-1.json: it lasted 23h 59m, less than the required 1d"]);
  const nearly = await judgeDay(evidenceText({ claims: CLAIMS, actualMs: DAY_MS - 1 }));
  assertEquals(nearly, ["fail", "reports/soak-1.json: it lasted 23h 59m, less than the required 1d"]);
});

Deno.test("runGate() fails a truncated report, and checks the other conditions", async () => {
  const text = evidenceText({ claims: CLAIMS });
  for (const length of [text.length - 1, 200, 0]) {
    const evidence = [{ name: "reports/soak-1.json", text: text.slice(0, length) }];
    const { rows } = await gate(DAY + CHECK, { evidence, checks: { a: clean } });
    assertEquals(rows.map((row) => row.verdict), ["fail", "pass"]);
    assertMatch(rows[0]!.reason, /^reports\/soak-1\.json: Cannot verify the report: /);
    assertEquals(rows[0]!.evidence, "reports/soak-1.json");
  }
});

Deno.test("runGate() adds a row for a report with unreadable claims, and checks the other conditions", async () => {
  const { rows } = await gate(DAY + CHECK, {
    evidence: [{ name: "soak.json", text: evidenceText({ claims: CLAIMS }) }],
    checks: { a: clean },
    claimsOf: () => {
      throw new RangeError("it holds Infinity");
    },
  });
  assertEquals(rows.map((row) => row.verdict), ["not evaluated", "pass"]);
  assertEquals(rows[0]!.reason, "its reports could not be judged: it holds Infinity");
});

Deno.test("runGate() skips a truncated report beside a valid one, and reports it", async () => {
  const good = evidenceText({ claims: CLAIMS });
  const evidence = [
    { name: "reports/soak-1.json", text: good },
    { name: "reports/soak-2.json", text: good.slice(0, -1) },
    // Another run, with true claims.
    { name: "reports/soak-3.json", text: evidenceText({ claims: CLAIMS, plannedMs: 60_000, actualMs: 60_000 }) },
  ];
  const [row] = (await gate(DAY, { evidence })).rows;
  assertEquals([row!.verdict, row!.evidence, row!.passedOver.length], ["pass", "reports/soak-1.json", 1]);
  assertMatch(row!.passedOver[0]!, /^reports\/soak-2\.json: .*it may be truncated/);
});

Deno.test("runGate() leaves a report of other sources unevaluated, and accepts one of another commit with the same", async () => {
  const repository = (changed: readonly string[] | null) => ({
    sha: "b".repeat(40),
    isDirty: false,
    changedSince: () => Promise.resolve(changed),
  });
  const text = evidenceText({ claims: CLAIMS });
  assertEquals((await judgeDay(text, { repository: repository([]) }))[0], "pass");
  const [verdict, reason] = await judgeDay(text, { repository: repository(["lib/a.ts"]) });
  assertEquals(verdict, "not evaluated");
  assertStringIncludes(reason, "these sources have changed since: lib/a.ts");
  assertEquals((await judgeDay(text, { repository: repository(null) }))[0], "not evaluated");
  // An old attempt that was too short is old before all, and so is one in which a claim failed.
  const short = evidenceText({ claims: CLAIMS, actualMs: DAY_MS - 60_000 });
  assertEquals((await judgeDay(short, { repository: repository(["lib/a.ts"]) }))[0], "not evaluated");
  const bad = evidenceText({ claims: [{ ...CLAIMS[0], events: 90, verdict: "fail" }] });
  assertEquals((await judgeDay(bad, { repository: repository(["lib/a.ts"]) }))[0], "not evaluated");
  assertEquals((await judgeDay(text, { repository: null }))[0], "inconclusive");
});

Deno.test.each(
  [
    ["of a dirty tree", { commit: { sha: SHA, isDirty: true, ref: "" } }, "not evaluated"],
    ["of no commit", { commit: { sha: "", isDirty: false, ref: "" } }, "not evaluated"],
    ["of another machine", { machine: { ...MACHINE, cores: 64 } }, "inconclusive"],
    ["of another version", { version: 2 }, "not evaluated"],
    ["of another schema", { schema: "test/other" }, "not evaluated"],
    ["from the future", { endedAt: new Date(NOW + DAY_MS).toISOString() }, "fail"],
    ["that ended before it began", { startedAt: new Date(NOW).toISOString() }, "fail"],
    ["that worked longer than it took", { actualMs: 3 * DAY_MS }, "fail"],
    ["that never meant to take a day", { plannedMs: 7_200_000, actualMs: 7_200_000 }, "not evaluated"],
    ["that claims nothing", { claims: [] }, "not evaluated"],
    [
      "with a failed claim",
      { claims: [...CLAIMS, { id: "deadlocks", events: 1, trials: 9, verdict: "fail" }] },
      "fail",
    ],
    ["with an open claim", { claims: [...CLAIMS, { id: "leak", trials: 9, verdict: "inconclusive" }] }, "inconclusive"],
  ] as const,
)("runGate() does not pass a report %s", async (_, changes, verdict) => {
  assertEquals((await judgeDay(evidenceText({ claims: CLAIMS, ...changes })))[0], verdict);
});

Deno.test("runGate() ignores a report that is too old", async () => {
  const [start, end] = [NOW - 16 * DAY_MS, NOW - 15 * DAY_MS].map((at) => new Date(at).toISOString());
  const [verdict, reason] = await judgeDay(evidenceText({ claims: CLAIMS, startedAt: start!, endedAt: end! }));
  assertEquals([verdict, reason], ["not evaluated", "reports/soak-1.json: it is 15d old, more than the allowed 14d"]);
});

Deno.test("runGate() ignores a run under other conditions than required", async () => {
  const condition = DAY.replace("minDuration", "where: { settings.toxics: [mild, wild] }, minDuration");
  const verdictOf = async (settings: unknown) => {
    const evidence = [{ name: "soak.json", text: evidenceText({ claims: CLAIMS, settings }) }];
    const { rows } = await gate(condition, { evidence });
    return [rows[0]!.verdict, rows[0]!.reason];
  };
  assertEquals(await verdictOf({ toxics: "wild" }), ["pass", ""]);
  const reason = (found: string) => `soak.json: ${found}, and the condition asks for mild or wild`;
  assertEquals(await verdictOf({ toxics: "none" }), ["not evaluated", reason("its settings.toxics is none")]);
  assertEquals(await verdictOf(null), ["not evaluated", reason("it has no settings.toxics")]);
});

const RATES = DAY.replace('claims: ["*"]', 'claims: [integrity], require: "= 0"').replace(
  "minDuration: 24h, ",
  "",
);
const HOUR_MS = 3_600_000;

/** A run of some hours that ended so many hours ago, with a number of wrong files. */
function run(hours: number, endedAgo: number, events: number, changes: Readonly<Record<string, unknown>> = {}) {
  const end = NOW - endedAgo * HOUR_MS;
  return {
    name: `soak-${hours}h.json`,
    text: evidenceText({
      startedAt: new Date(end - hours * HOUR_MS).toISOString(),
      endedAt: new Date(end).toISOString(),
      plannedMs: hours * HOUR_MS,
      actualMs: hours * HOUR_MS,
      claims: [{ id: "integrity", kind: "amount", estimate: events, trials: 1000 * hours }],
      ...changes,
    }),
  };
}

/** A run of some hours with a rate of wrong files. */
function runOfRate(hours: number, events: number) {
  return run(hours, 1, 0, { claims: [{ id: "integrity", kind: "rate", unit: "rate", events, trials: 1000 * hours }] });
}

async function judgeRuns(condition: string, ...evidence: readonly ReturnType<typeof run>[]) {
  const { rows } = await gate(condition, { evidence });
  const { verdict, evidence: decidedBy, reason, others, passedOver } = rows[0]!;
  return { verdict, decidedBy, reason, others, passedOver };
}

Deno.test("runGate() fails if any accepted report fails, whichever is newer or longer", async () => {
  for (const [good, bad] of [[run(1, 1, 0), run(2, 5, 12)], [run(2, 5, 0), run(1, 1, 12)]] as const) {
    const { verdict, decidedBy, others } = await judgeRuns(RATES, good, bad);
    assertEquals([verdict, decidedBy, others.length], ["fail", bad.name, 1]);
    assertMatch(others[0]!, new RegExp(`^${good.name}: pass; 0 in`));
  }
});

Deno.test("runGate() lets the longest of several reports decide, and names the others", async () => {
  const rows = await judgeRuns(RATES, run(1, 1, 0), run(3, 9, 0), run(2, 2, 0));
  assertEquals([rows.verdict, rows.decidedBy], ["pass", "soak-3h.json"]);
  assertEquals(rows.others, ["soak-2h.json: pass; 0 in 2000 trials", "soak-1h.json: pass; 0 in 1000 trials"]);
  // A shorter run that happens to pass does not outvote a longer one that leaves the question open.
  const rate = RATES.replace('"= 0"', '"< 0.1%"');
  assertEquals((await judgeRuns(rate, runOfRate(3, 0), runOfRate(20, 15))).verdict, "inconclusive");
});

Deno.test.each(
  [
    ["under way", { type: "running" }, /it is not finished/],
    ["stopped", { type: "signal", reason: "SIGINT" }, /it was stopped before its end: SIGINT/],
    ["ended by a claim", { type: "claim", claim: "deadlocks" }, /it ended early, because a claim failed: deadlocks/],
  ] as const,
)("runGate() takes no proof from a run that is %s, but a failure", async (_, end, reason) => {
  const clean = await judgeRuns(RATES, run(4, 1, 0, { end }));
  assertEquals(clean.verdict, "not evaluated");
  assertMatch(clean.reason, reason);
  const beside = await judgeRuns(RATES, run(4, 1, 0, { end }), run(2, 9, 0));
  assertEquals([beside.verdict, beside.decidedBy], ["pass", "soak-2h.json"]);
  assertMatch(beside.others[0]!, /^soak-4h\.json: proves nothing; it/);
  const bad = await judgeRuns(RATES, run(4, 1, 1, { end }), run(5, 9, 0));
  assertEquals([bad.verdict, bad.decidedBy], ["fail", "soak-4h.json"]);
  assertMatch(bad.reason, reason);
});

Deno.test("runGate() fails by a failure in a run that is too short to prove anything", async () => {
  const long = RATES.replace("maxAge", "minDuration: 2h, maxAge");
  assertEquals((await judgeRuns(long, run(1, 1, 0))).verdict, "not evaluated");
  const { verdict, decidedBy, reason, others } = await judgeRuns(long, run(1, 1, 12), run(4, 9, 0));
  assertEquals([verdict, decidedBy, others], ["fail", "soak-1h.json", ["soak-4h.json: pass; 0 in 4000 trials"]]);
  assertStringIncludes(reason, "soak-1h.json refutes, but can prove nothing: it lasted 1h, less than the required 2h");
  // Other sources: it says nothing about these.
  const foreign = run(1, 1, 12, { commit: { sha: SHA, isDirty: true, ref: "" } });
  assertEquals((await judgeRuns(long, foreign, run(4, 9, 0))).verdict, "pass");
});

Deno.test("runGate() takes no proof from a run of a part, but a failure", async () => {
  const all = RATES.replace("maxAge", "proofWhere: { settings.engine: [all] }, maxAge");
  const part = (events: number) => run(4, 1, events, { settings: { engine: "stable" } });
  const whole = run(3, 1, 0, { settings: { engine: "all" } });
  const reason = "its settings.engine is stable, and the condition asks for all";
  assertEquals(await judgeRuns(all, part(0)), {
    verdict: "not evaluated",
    decidedBy: "soak-4h.json",
    others: [],
    passedOver: [],
    reason: `soak-4h.json: ${reason}`,
  });
  assertEquals(await judgeRuns(all, part(0), whole), {
    verdict: "pass",
    decidedBy: "soak-3h.json",
    reason: "",
    others: [`soak-4h.json: proves nothing; ${reason}`],
    passedOver: [],
  });
  const { verdict, decidedBy } = await judgeRuns(all, part(1), whole);
  assertEquals([verdict, decidedBy], ["fail", "soak-4h.json"]);
});

Deno.test("runGate() fails by a report with other settings only if the claim is about them", async () => {
  const mild = RATES.replace("maxAge", "where: { settings.toxics: [mild] }, maxAge");
  const ofAll = mild.replace("maxAge", "whereOf: { 'integ*': {} }, maxAge");
  const harsh = (events: number) => run(4, 1, events, { settings: { toxics: "harsh" } });
  const good = run(3, 1, 0, { settings: { toxics: "mild" } });
  const reason = "its settings.toxics is harsh, and the condition asks for mild";
  const excused = await judgeRuns(mild, harsh(12), good);
  assertEquals([excused.verdict, excused.others, excused.passedOver], ["pass", [], [`soak-4h.json: ${reason}`]]);
  const { verdict, decidedBy } = await judgeRuns(ofAll, harsh(12), good);
  assertEquals([verdict, decidedBy], ["fail", "soak-4h.json"]);
  const { others } = await judgeRuns(ofAll, harsh(0), good);
  assertEquals(others, [`soak-4h.json: proves nothing; ${reason}`]);
  // It proves nothing alone.
  assertEquals((await judgeRuns(ofAll, harsh(0))).verdict, "not evaluated");
});

Deno.test("runGate() names the strongest of the reports that prove nothing, and every other", async () => {
  const condition = RATES.replace("maxAge", "minDuration: 100h, maxAge");
  const dirty = { commit: { sha: SHA, isDirty: true, ref: "" } };
  const other = {
    name: "soak-other.json",
    text: evidenceText({ claims: [{ id: "speed", trials: 1, verdict: "pass" }] }),
  };
  const found = await judgeRuns(condition, run(1, 1, 0), run(60, 2, 0), run(2, 3, 0), run(3, 1, 1, dirty), other);
  const short = (text: string) => `it lasted ${text}, less than the required 4d 4h`;
  assertEquals(found, {
    verdict: "not evaluated",
    decidedBy: "soak-60h.json",
    reason: `soak-60h.json: ${short("2d 12h")}`,
    others: [`soak-2h.json: proves nothing; ${short("2h")}`, `soak-1h.json: proves nothing; ${short("1h")}`],
    passedOver: [
      `soak-other.json: ${short("1d")}`,
      `soak-3h.json: ${short("3h")}; it was made with uncommitted changes to commit ${SHA.slice(0, 9)}`,
    ],
  });
  const beside = await judgeRuns(RATES, run(1, 1, 0), other);
  assertEquals(beside.passedOver, ["soak-other.json: it has no integrity"]);
});

Deno.test("runGate() lists what the caller knows about a failed claim", async () => {
  const { rows } = await gate(RATES, {
    evidence: [run(2, 1, 1)],
    problemsOf: (evidence, claim) => [{ message: `job 7 of seed ${evidence.seed}, by ${claim}` }],
  });
  assertEquals(rows[0]!.problems.map(({ message }) => message), [
    "integrity: 1 in 2000 trials",
    "job 7 of seed 7, by integrity",
  ]);
});

Deno.test("runGate() judges each claim that a pattern matches, and the worst decides", async () => {
  const condition = DAY.replace('claims: ["*"]', 'claims: ["speed-up-*"], require: ">= 1.20"');
  const claims = [
    { id: "speed-up-large", kind: "interval", estimate: 1.5, low: 1.4, high: 1.6, trials: 20, confidence: 0.95 },
    { id: "speed-up-small", kind: "interval", estimate: 1.25, low: 1.19, high: 1.3, trials: 20, confidence: 0.95 },
    { id: "cpu", kind: "amount", estimate: 0.1, trials: 20 },
  ];
  const { rows } = await gate(condition, { evidence: [{ name: "soak.json", text: evidenceText({ claims }) }] });
  assertEquals([rows[0]!.verdict, rows[0]!.bound], ["inconclusive", 1.19]);
  assertEquals(rows[0]!.measured, "1 of 2 claims hold; speed-up-small: 1.25, 1.19 to 1.30 at 95 % (n = 20)");
});

Deno.test("runGate() judges a claim by what its report requires, and shows that", async () => {
  const limits = [
    [{ kind: "amount", unit: "bytes", estimate: 2e8, requirement: { op: "<", value: 2 ** 31 } }, "< 2.00 GiB", "pass"],
    [{ kind: "amount", unit: "ratio", estimate: 1.2, requirement: { op: "<=", value: 1.1 } }, "≤ 1.10 times", "fail"],
    [{ kind: "amount", unit: "rate", estimate: 0.001, requirement: { op: "<=", value: 0.002 } }, "≤ 0.2 %", "pass"],
    [{ kind: "amount", unit: "MB/s", estimate: 90, requirement: { op: ">=", value: 50 } }, "≥ 50 MB/s", "pass"],
    [{ verdict: "pass", requirement: "one of the four is better" }, "one of the four is better", "pass"],
    [{ verdict: "fail" }, "–", "fail"],
  ] as const;
  for (const [fields, required, verdict] of limits) {
    // Whatever verdict the report gives itself.
    const own = { id: "own", trials: 20, verdict: "pass", ...fields };
    const other = { ...own, id: "other" };
    const evidence = [{ name: "soak.json", text: evidenceText({ claims: [own, other] }) }];
    const condition = DAY.replace('claims: ["*"]', "claims: [own]").replace(", minDuration: 24h", "");
    const [row] = (await gate(condition, { evidence })).rows;
    assertEquals([row!.required, row!.verdict], [required, verdict]);
    const both = await gate(condition.replace("[own]", "[own, other]"), { evidence });
    assertEquals(both.rows[0]!.required, verdict === "pass" ? "every claim holds" : `own ${required}`);
  }
  assertEquals((await gate(DAY)).rows[0]!.required, "1d of work, every claim holds");
  const bytes = RATES.replace("claims", "minCount: 1073741824, counted: bytes, claims");
  assertEquals((await gate(bytes)).rows[0]!.required, "= 0, ≥ 1.00 GiB");
});

Deno.test("runGate() gives the requirement in the unit of what was measured", async () => {
  const numbers = { estimate: 1.5, low: 1.4, high: 1.6, trials: 20, confidence: 0.95 };
  const claim = { id: "speed-up", kind: "interval", unit: "ratio", ...numbers };
  const evidence = [{ name: "soak.json", text: evidenceText({ claims: [claim] }) }];
  const condition = DAY.replace('claims: ["*"]', 'claims: ["speed-up"], require: ">= 1.20", minCount: 10')
    .replace("minDuration: 24h, ", "");
  const [row] = (await gate(condition, { evidence })).rows;
  assertEquals([row!.required, row!.measured], ["≥ 1.20 times, n ≥ 10", "1.50, 1.40 to 1.60 times at 95 % (n = 20)"]);
  const [named] = (await gate(condition.replace("minCount: 10", "minCount: 10, counted: runs"), { evidence })).rows;
  assertEquals(named!.required, "≥ 1.20 times, ≥ 10 runs");
  for (const [unit, required] of [["MB/s", "≥ 1.20 MB/s"], ["rate", "≥ 1.20"], ["", "≥ 1.20"]]) {
    const other = [{ name: "soak.json", text: evidenceText({ claims: [{ ...claim, unit }] }) }];
    assertEquals((await gate(condition, { evidence: other })).rows[0]!.required, `${required}, n ≥ 10`);
  }
  assertEquals("unit" in row!, false);
});

const PHASE = DAY.replace('claims: ["*"]', 'claims: ["speed_up:phase 4"], require: ">= 2"')
  .replace("minDuration: 24h, ", "");
const ofPhase = (phase: number, changes: Readonly<Record<string, unknown>> = {}) => ({
  name: `soak-${phase}.json`,
  text: evidenceText({
    claims: [{ id: `speed_up:phase ${phase}`, kind: "interval", low: 2, high: 3, trials: 20, confidence: 0.95 }],
    ...changes,
  }),
});
const dirty = { commit: { sha: SHA, isDirty: true, ref: "" } };

Deno.test("runGate() names the report with the claim if several are rejected", async () => {
  const { rows } = await gate(PHASE, { evidence: [2, 3, 4].map((phase) => ofPhase(phase, dirty)) });
  assertEquals([rows[0]!.verdict, rows[0]!.evidence], ["not evaluated", "soak-4.json"]);
  assertMatch(rows[0]!.reason, /^soak-4\.json: it was made with uncommitted changes/);
});

Deno.test("runGate() names the missing claim instead of a report that never had it", async () => {
  for (const evidence of [[ofPhase(2, dirty), ofPhase(3, dirty)], [ofPhase(2), ofPhase(3, dirty)], [ofPhase(2)]]) {
    const { rows } = await gate(PHASE, { evidence });
    assertEquals([rows[0]!.verdict, rows[0]!.evidence], ["not evaluated", null]);
    assertEquals(rows[0]!.reason, "no report of test/soak has speed_up:phase 4");
  }
  const truncated = { ...ofPhase(2), text: ofPhase(2).text.slice(0, -1) };
  const [row] = (await gate(PHASE, { evidence: [truncated] })).rows;
  // An unreadable report may have had any claim.
  assertEquals([row!.verdict, row!.evidence], ["fail", "soak-2.json"]);
});

Deno.test("runGate() lists only claims that no report has", async () => {
  const both = PHASE.replace('"speed_up:phase 4"', '"speed_up:phase 2", "speed_up:phase 4"');
  const reasonOf = async (...phases: readonly number[]) =>
    (await gate(both, { evidence: phases.map((phase) => ofPhase(phase)) })).rows[0]!.reason;
  assertEquals(await reasonOf(2), "no report of test/soak has speed_up:phase 4");
  assertEquals(await reasonOf(2, 4), "no report of test/soak has all of speed_up:phase 2, speed_up:phase 4");
});
