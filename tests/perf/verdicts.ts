// deno task verdicts: how often verdicts are wrong, 1 000 sessions a line, some two minutes.
import { seededRandom } from "../../lib/base/mod.ts";
import { judgeRegression } from "../../lib/bench/mod.ts";
import { countVerdicts, measureNoisy, type NoisySession } from "../helpers/simulation/noisy_session.ts";

const TRIALS = 1000;

if (import.meta.main) {
  const usual = { runs: 20, variation: 0.05, drift: 0.08, effect: 0, order: "in turn" } as const;
  const cases: readonly Omit<NoisySession, "random">[] = [
    usual,
    { ...usual, effect: 0.1 },
    { ...usual, effect: -0.1 },
    { ...usual, variation: 0.1 },
    { ...usual, variation: 0.1, effect: 0.1 },
    { ...usual, variation: 0.02, effect: 0.03 },
    { ...usual, order: "one by one" },
  ];
  for (const [seed, session] of cases.entries()) {
    const counts = countVerdicts(TRIALS, { ...session, random: seededRandom(seed + 1) });
    await say({ trials: TRIALS, ...session, ...counts });
  }
  for (const effect of [0, 0.1]) {
    const random = seededRandom(100);
    const counts = { pass: 0, fail: 0, inconclusive: 0 };
    for (let trial = 0; trial < TRIALS; trial++) {
      const [base, target] = measureNoisy({ ...usual, effect, random });
      counts[judgeRegression([base], [target]).verdict]++;
    }
    await say({ gate: "non-inferiority", trials: TRIALS, ...usual, effect, ...counts });
  }
}

async function say(line: unknown): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
}
