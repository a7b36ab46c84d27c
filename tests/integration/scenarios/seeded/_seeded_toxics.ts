import type { Random } from "../../../../lib/base/mod.ts";
import type { ToxicRule } from "../../../../lib/sandbox/mod.ts";

/**
 * Choose the faults of a file: none to five kinds, each at a rate of its own. Waits are in the time of the run's quick
 * clock.
 */
export function someToxics(
  random: Random,
  facts: { readonly seed: number; readonly sizeBytes: number },
): readonly ToxicRule[] {
  const kinds = kindsOf(random, Math.max(1, facts.sizeBytes));
  const count = Math.floor(random() * 6);
  return Array.from({ length: count }, (_, index) => ({
    ...kinds[Math.floor(random() * kinds.length)]!,
    rate: 0.05 + random() ** 2 * 0.8,
    burst: random() < 0.2 ? 2 + Math.floor(random() * 3) : 1,
    seed: facts.seed + index,
    on: ["storage"] as const,
  }));
}

function kindsOf(random: Random, size: number): readonly ToxicRule[] {
  const at = (): { readonly atByte?: number } => random() < 0.5 ? {} : { atByte: 1 + Math.floor(random() * size) };
  return [
    { type: "latency", ms: 200 + random() ** 4 * 120_000 },
    { type: "jitter", ms: 20_000 },
    { type: "bandwidth", bytesPerSecond: size * (0.5 + random() * 4) },
    { type: "slowBody", ms: 100 + random() * 400, chunkBytes: Math.ceil(size / (2 + random() * 20)) },
    { type: "reset", ...at() },
    { type: "reset", atByte: 1 },
    { type: "stall", ...at() },
    { type: "truncate", ...at() },
    { type: "corrupt", ...at() },
    { type: "wrongRange", how: "ignore" },
    { type: "wrongRange", how: "start" },
    { type: "wrongRange", how: "total" },
    { type: "changedEtag" },
    { type: "expiredUrl" },
    { type: "loginHtml" },
    { type: "serverError" },
    { type: "throttle", retryAfterSeconds: Math.floor(random() * 8), form: "seconds" },
    { type: "throttle", retryAfterSeconds: Math.floor(random() * 8), form: "date" },
    { type: "throttle", retryAfterSeconds: -1 },
  ];
}
