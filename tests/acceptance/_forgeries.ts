import { join } from "node:path";
import type { Claim } from "../../lib/judge/mod.ts";
import type { SoakEvidence, SoakFailure } from "../../lib/soak/mod.ts";
import { judgeByGate } from "./_judged.ts";
import type { ProductCopy, SourceEdit } from "./_product_copy.ts";

/** A report with false content, or of another kind than it claims. */
interface Forgery {
  readonly name: string;
  /** Makes its text from a valid report. */
  readonly make: (report: SoakEvidence) => string;
  /** Makes the text of another report in the same folder; there is none if it is absent. */
  readonly beside?: (report: SoakEvidence) => string;
  /**
   * The condition that reads it, and its phase.
   *
   * @default {timeout-rate of phase 1}
   */
  readonly condition?: { readonly phase: string; readonly id: string };
  /** Changes the code after the report was made. */
  readonly edits?: readonly SourceEdit[];
  readonly code: 0 | 1 | 3;
  /** What the gate must report about it. */
  readonly why: RegExp;
}

/** The result of a forgery. */
export interface ForgeryRow {
  readonly name: string;
  readonly code: number;
  /** In the terms of the gate. */
  readonly said: string;
  readonly isAsMeant: boolean;
}

const CONDITION = { phase: "1", id: "timeout-rate" };
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The reports that must be refused, and the true one. */
export const FORGERIES: readonly Forgery[] = [
  { name: "true report", make: plain, code: 0, why: /^pass; .*of \d+/ },
  { name: "cut off", make: (report) => plain(report).slice(0, -1000), code: 1, why: /it may be truncated/ },
  {
    name: "of a commit that is not here",
    make: (report) => plain({ ...report, commit: { ...report.commit, sha: "f".repeat(40) } }),
    code: 3,
    why: /its commit fffffffff is unknown in this repository/,
  },
  {
    name: "of uncommitted code",
    make: (report) => plain({ ...report, commit: { ...report.commit, isDirty: true } }),
    code: 3,
    why: /made with uncommitted changes to commit/,
  },
  {
    name: "ends tomorrow",
    make: (report) => plain({ ...report, endedAt: new Date(Date.now() + DAY_MS).toISOString() }),
    code: 1,
    why: /which is in the future/,
  },
  {
    name: "a day long",
    make: (report) => plain({ ...report, actualMs: DAY_MS }),
    code: 1,
    why: /more working time than the run took/,
  },
  {
    name: "verdict against its own count",
    make: (report) => plain(withRate(report, { events: 300, verdict: "pass" })),
    code: 1,
    why: /\(300 of \d+\)/,
  },
  {
    name: "verdict of too few",
    make: (report) => plain(withRate(report, { events: 0, trials: 58, verdict: "pass" })),
    code: 3,
    why: /it has 58 downloads and silences, at least 59 downloads and silences are required/,
  },
  {
    // Neither its age nor the other report makes a failure go away.
    name: "a long run with wrong bytes, and a newer short one that passes",
    make: (report) => plain(longWithWrongBytes(report)),
    beside: plain,
    condition: { phase: "2", id: "harmless-faults" },
    code: 1,
    why:
      /^fail; .*integrity: 12 in \d+ files and jobs; .*59-download:turbo: wrong bytes: .*deno task stability --duration \w+ --seed \d+ /,
  },
  {
    // Wrong bytes are wrong without faults, too.
    name: "a run without faults that has wrong bytes, and one with faults that passes",
    make: (report) => plain(withoutFaults(longWithWrongBytes(report))),
    beside: plain,
    condition: { phase: "2", id: "harmless-faults" },
    code: 1,
    why: /^fail; .*integrity: 12 in \d+ files and jobs; .*its settings\.toxics is none, /,
  },
  {
    name: "true report of other code",
    make: plain,
    edits: [{ type: "add", path: "lib/stats/later.ts", text: "/** Came later. */\nexport const LATER = true;\n" }],
    code: 3,
    why: /these sources have changed since: lib\/stats\/later\.ts/,
  },
];

/**
 * What docs/gate.md states: no signature guards the numbers. Whoever changes them is believed; only repeating the run
 * would reveal it.
 */
const BELIEVED: Forgery = {
  name: "consistent in all",
  make: (report) => plain(withRate(report, { events: 0, trials: 1_000_000 })),
  code: 0,
  why: /\(0 of 1000000\)/,
};

/** Let `gate` read each forged report. */
export async function judgeForgeries(copy: ProductCopy): Promise<readonly ForgeryRow[]> {
  const path = join(copy.folder, "true.json");
  await copy.task("stability", ["--duration", "60", "--report-interval", "15", "--pace", "2", "--output", path]);
  const report = JSON.parse(await Deno.readTextFile(path)) as SoakEvidence;
  const phases = join(copy.folder, "phases.yml");
  await Deno.writeTextFile(phases, await readShortPhases(copy));
  const rows: ForgeryRow[] = [];
  // Forgeries that change the code come last.
  for (const forgery of [BELIEVED, ...FORGERIES]) {
    const { name, make, beside, condition = CONDITION, edits = [], code: wanted, why } = forgery;
    const folder = join(copy.folder, name);
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "stability.json"), make(report));
    if (beside !== undefined) await Deno.writeTextFile(join(folder, "beside.json"), beside(report));
    if (edits.length > 0) await copy.commit(edits);
    const { phase, id } = condition;
    const words = ["--phase", phase, "--phases", phases, "--only", id, "--evidence", folder];
    const { code, findings } = await judgeByGate(copy, words);
    const said = findings.map(({ words }) => words).join("; ");
    rows.push({ name, code, said, isAsMeant: code === wanted && why.test(said) });
  }
  return rows;
}

/** The condition of the forgeries, and how it asks for what a minute can prove. */
const SHORTER: readonly (readonly [long: string, short: string])[] = [
  ["minDuration: 2h", "minDuration: 1m"],
  [
    'claims: [timeout_rate, late_cut_rate]\n        require: "< 1%"\n        minCount: 300\n',
    'claims: [timeout_rate]\n        require: "< 5%"\n        minCount: 59\n',
  ],
];

/** The product's conditions, except that a minute of stability is enough. */
async function readShortPhases(copy: ProductCopy): Promise<string> {
  const text = await Deno.readTextFile(join(copy.root, "config/phases.yml"));
  return SHORTER.reduce((shorter, [long, short]) => {
    if (!shorter.includes(long)) throw new Error(`Cannot shorten the conditions: none has ${JSON.stringify(long)}`);
    return shorter.replaceAll(long, short);
  }, text);
}

/** Formatted like the program's output. */
function plain(report: SoakEvidence): string {
  return JSON.stringify(report, null, 2);
}

/** The report of two hours, which ended an hour before. */
function longWithWrongBytes(report: SoakEvidence): SoakEvidence {
  const [startedAt, endedAt] = [3 * HOUR_MS, HOUR_MS]
    .map((ago) => new Date(Date.parse(report.endedAt) - ago).toISOString());
  const claims = report.claims.map((claim): Claim =>
    claim.id === "integrity" ? { ...claim, estimate: 12, verdict: "fail" } : claim
  );
  const failures = Array.from({ length: 12 }, (_, index): SoakFailure => {
    const jobIndex = index + 59;
    return { jobIndex, kind: "wrong_bytes", text: `${jobIndex}-download:turbo: wrong bytes: models/a.pt` };
  });
  const times = { startedAt: startedAt!, endedAt: endedAt!, plannedMs: 2 * HOUR_MS, actualMs: 2 * HOUR_MS };
  return { ...report, ...times, claims, failures, verdict: "fail" };
}

function withoutFaults(report: SoakEvidence): SoakEvidence {
  return { ...report, settings: { ...report.settings, toxics: "none" } };
}

function withRate(report: SoakEvidence, change: Partial<Claim>): SoakEvidence {
  const claims = report.claims.map((claim) => claim.id === "timeout_rate" ? { ...claim, ...change } : claim);
  return { ...report, claims };
}
