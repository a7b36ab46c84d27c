import { type Random, seededRandom } from "../../../../lib/base/mod.ts";
import type { ToxicRule } from "../../../../lib/sandbox/mod.ts";
import type { ProfileName } from "../../../../lib/transfer/mod.ts";
import { someToxics } from "./_seeded_toxics.ts";

/** One start of the engine within a run. */
export interface SeededSession {
  readonly profile: ProfileName;
  readonly transport: "socket" | "fetch";
  readonly maxRetries: number;
  /** Whether the engine knows that the host limits each connection, so that segments start at once. */
  readonly isCapped: boolean;
  /** Flush, and hash in a thread of its own. */
  readonly isDurable: boolean;
  /** When it is interrupted. */
  readonly stop: { readonly after: "events" | "bytes" | "milliseconds"; readonly count: number } | null;
}

/** Everything that defines a run; derived only from its seed. */
export interface SeededPlan {
  readonly seed: number;
  /** Sizes of the object and of its replacement. */
  readonly sizes: readonly [number, number];
  /** Offsets of both in the common bytes. */
  readonly offsets: readonly [number, number];
  /** Number of the request from which the other object is served; `null` if it never changes. */
  readonly swapAt: number | null;
  /** The object whose hash is published; `null` if none is. */
  readonly hashOf: 0 | 1 | null;
  readonly etag: "strong" | "weak" | "none";
  readonly toxics: readonly ToxicRule[];
  /** How often resolving the URL fails. */
  readonly resolveFailures: number;
  readonly sessions: readonly SeededSession[];
  /** The session after the faults, which must succeed. */
  readonly calm: SeededSession;
}

const PROFILES: readonly ProfileName[] = ["stable", "resilient", "parallel", "turbo"];
/** The bytes of all objects; each starts at some offset. */
export const SOURCE_BYTES = 72 << 20;

/** Derive the plan of a seed. */
export function makeSeededPlan(seed: number): SeededPlan {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x5eed);
  const sizes = [sizeOf(random), sizeOf(random)] as const;
  const offsets = sizes.map((size) => Math.floor(random() * (SOURCE_BYTES - size))) as [number, number];
  const swapAt = random() < 0.12 ? 1 + Math.floor(random() * 5) : null;
  const toxics = someToxics(random, { seed, sizeBytes: Math.max(...sizes) });
  // A changed byte is undetectable without a hash.
  const needsHash = toxics.some((rule) => rule.type === "corrupt");
  const hasHash = needsHash || random() < 0.7;
  const isLarge = Math.max(...sizes) > 4 << 20;
  return {
    seed,
    sizes,
    offsets,
    swapAt,
    toxics,
    hashOf: hasHash ? (swapAt !== null && random() < 0.5 ? 1 : 0) : null,
    etag: pick(random, ["strong", "strong", "strong", "strong", "weak", "none"]),
    resolveFailures: random() < 0.1 ? 0.3 : 0,
    sessions: Array.from({ length: 1 + Math.floor(random() * 4) }, () => session(random, { isLarge, isCalm: false })),
    calm: session(random, { isLarge, isCalm: true }),
  };
}

/** Choose one entry. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)]!;
}

function session(random: Random, kind: { readonly isLarge: boolean; readonly isCalm: boolean }): SeededSession {
  const profile = kind.isLarge && random() < 0.5 ? "turbo" : pick(random, PROFILES);
  const stop = random() < 0.45 && !kind.isCalm
    ? pick(
      random,
      [
        { after: "events", count: 1 + Math.floor(random() * 8) },
        { after: "bytes", count: Math.floor(random() ** 2 * (kind.isLarge ? 8 << 20 : 300_000)) },
        { after: "milliseconds", count: random() * (kind.isLarge ? 80 : 15) },
      ] as const,
    )
    : null;
  return {
    profile,
    stop,
    transport: random() < 0.8 ? "socket" : "fetch",
    maxRetries: kind.isCalm ? 8 : pick(random, [0, 1, 2, 3, 5, 8]),
    isCapped: random() < 0.7,
    isDurable: random() < 0.03,
  };
}

/** Most are small; some are large enough for segments and for the hash worker, a few for stripes and several blocks. */
function sizeOf(random: Random): number {
  const dice = random();
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low));
  if (dice < 0.03) return 0;
  if (dice < 0.08) return between(1, 40);
  if (dice < 0.80) return between(41, 300_000);
  if (dice < 0.88) return between(300_000, 2 << 20);
  return dice < 0.995 ? between(2 << 20, 12 << 20) : between(16 << 20, 64 << 20);
}
