/**
 * Breaks the product on purpose, in a copy of its last commit, and checks that its own judges find and name the defect:
 * `stability`, `benchmark-compare` and `gate`, each as the process that a user starts; and that they find nothing in an
 * intact copy.
 *
 * Bounds: each sabotage fails the intended claim, benchmark or condition with the intended exit code,
 * and nothing that is not a consequence; a forged report is refused, and the gate reports why; a clean copy never
 * exits with 1, even while all processors are busy. Uncommitted changes are not tested.
 * Takes about an hour and three quarters: `deno run -q -P=acceptance tests/acceptance/sabotage.ts [--only NAME,NAME] [--clean 10]`.
 * Names are those of the sabotages, `forged-reports`, and the parts of the clean check; `--seed 1` sets its first soak.
 * `untested-file-of-all`, eight minutes more, runs only by name.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { CLEAN_PARTS, runClean } from "./_clean_product.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { type ForgeryRow, judgeForgeries } from "./_forgeries.ts";
import { ProductCopy } from "./_product_copy.ts";
import { type Bound, reportFigures } from "../helpers/report_figures.ts";
import type { Sabotage } from "./sabotages/_sabotage.ts";
import { SABOTAGES } from "./_sabotages.ts";

const FORGED = "forged-reports";

/** A judge's result for a sabotage. */
interface SabotageRow {
  readonly name: string;
  readonly meant: string;
  readonly code: number;
  /** The judge's report about the intended target. */
  readonly said: string;
  /** What else failed. */
  readonly also: readonly string[];
  readonly isFound: boolean;
  readonly seconds: number;
}

async function trySabotage(sabotage: Sabotage): Promise<SabotageRow> {
  const { name, edits, judge, meant, says, also = [], code: wanted = 1 } = sabotage;
  await using copy = await ProductCopy.open();
  await copy.commit(edits);
  const { code, findings, seconds } = await judge(copy);
  const found = findings.find((one) => one.name === meant);
  const others = findings.filter((one) => one.isBad && one !== found).map((one) => one.name);
  const said = found?.words ?? "";
  const isFound = code === wanted && found?.isBad === true && (says?.test(said) ?? true) &&
    // A claim about one engine, such as `recovery_rate:turbo`, is part of that about all.
    others.every((other) => [meant, ...also].some((one) => other === one || other.startsWith(`${one}:`)));
  return { name, meant, code, said, also: others, isFound, seconds: Math.round(seconds) };
}

async function tryForgeries(): Promise<readonly ForgeryRow[]> {
  await using copy = await ProductCopy.open();
  return await judgeForgeries(copy);
}

/** An argument that is not known would start an hour and three quarters of work that nobody asked for. */
function refuse(argument: string): never {
  throw new RangeError(`"${argument}" is none of the flags: --only NAME,NAME, --clean TIMES, --seed NUMBER`);
}

function tell(row: object): void {
  tellProgress(JSON.stringify(row));
}

if (import.meta.main) {
  const names = [...SABOTAGES.map(({ name }) => name), FORGED, ...CLEAN_PARTS];
  const usual = names.filter((name) => !SABOTAGES.some((one) => one.isLong === true && one.name === name));
  const { only: named } = parseArgs(Deno.args, { string: ["only", "clean", "seed"], unknown: refuse });
  const only = String(named ?? usual).split(",");
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RangeError(`There is no "${unknown}": there are ${names.join(", ")}`);
  const bounds: Bound[] = [];
  const sabotages: SabotageRow[] = [];
  for (const sabotage of SABOTAGES.filter(({ name }) => only.includes(name))) {
    const row = await trySabotage(sabotage);
    tell(row);
    sabotages.push(row);
    bounds.push({ name: `${row.name} is found as ${row.meant}`, isMet: row.isFound });
  }
  const forgeries = only.includes(FORGED) ? await tryForgeries() : [];
  forgeries.forEach(tell);
  bounds.push(...forgeries.map(({ name, isAsMeant }) => ({ name: `${name}: judged as meant`, isMet: isAsMeant })));
  const parts = CLEAN_PARTS.filter((name) => only.includes(name));
  const clean = parts.length === 0
    ? []
    : await runClean({ parts, times: numberFlag("clean", 10), seed: numberFlag("seed", 1), onRow: tell });
  const accused = clean.filter(({ code, failed }) => code === 1 || failed.length > 0);
  if (parts.length > 0) {
    bounds.push({ name: "no clean copy is accused", isMet: clean.length > 0 && accused.length === 0 });
  }
  reportFigures({ sabotages, forgeries, cleanRuns: clean.length, accused }, bounds);
}
