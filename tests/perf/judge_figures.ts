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
import { drawTableTwin } from "../helpers/table_twins.ts";
import { drawJudgeRows, isMet, JUDGE_KINDS, type JudgeRow, judgeRows, replaceJudgeRows } from "./_judge_rows.ts";

const DOCUMENT = new URL("../../docs/gate.md", import.meta.url);
const BEGIN = "<!-- judges: begin, made by deno task judge-figures -->";
const END = "<!-- judges: end -->";

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
  const text = await Deno.readTextFile(DOCUMENT);
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from === -1 || to < from) throw new Error("Cannot draw the table: docs/gate.md has no place for it");
  const table = isWhole ? drawJudgeRows(rows) : replaceJudgeRows(text.slice(from + BEGIN.length, to).trim(), rows);
  await Deno.writeTextFile(DOCUMENT, `${text.slice(0, from)}${BEGIN}\n\n${table}\n\n${text.slice(to)}`);
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", DOCUMENT.pathname] }).output();
  await drawTableTwin("gate.md");
}

async function say(line: unknown): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
}
