/**
 * Computes how often each judge of the gate errs, at the sample sizes that it asks for: rates exactly, the others by
 * simulated sessions from fixed seeds. Draws the table of docs/gate.md and its Japanese twin:
 *
 *     deno task judge-figures                            some minutes
 *     deno task judge-figures --trials 200 --draw=false  only print
 *     deno task judge-figures --only pairs               rates, ratios, family, leaks, rollout, pairs or load: only these rows
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { parseGateConfig } from "../../lib/gate/mod.ts";
import { drawTables, readTables } from "../../checks/mod.ts";
import { drawJudgeRows, isMet, JUDGE_KINDS, type JudgeRow, judgeRows, replaceJudgeRows } from "./_judge_rows.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const PAGE = "gate.md";

if (import.meta.main) {
  const flags = parseArgs(Deno.args, { string: ["trials", "draw", "only"] });
  const kinds = flags.only === undefined ? JUDGE_KINDS : JUDGE_KINDS.filter((kind) => kind === flags.only);
  if (kinds.length === 0) throw new Error(`Cannot compute "${flags.only}": it is none of ${JUDGE_KINDS.join(", ")}`);
  const text = await Deno.readTextFile(new URL("../../config/phases.yml", import.meta.url));
  const rows = judgeRows(parseGateConfig(text), Number(flags.trials ?? 1000), kinds);
  for (const row of rows) await say({ ...row, isMet: isMet(row) });
  if (flags.draw !== "false") await draw(rows, kinds.length === JUDGE_KINDS.length);
}

async function draw(rows: readonly JudgeRow[], isWhole: boolean): Promise<void> {
  const table = isWhole ? drawJudgeRows(rows) : replaceJudgeRows(await readTables(PAGE, ROOT), rows);
  await drawTables(PAGE, table, ROOT);
}

async function say(line: unknown): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
}
