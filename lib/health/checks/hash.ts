import { createHash } from "node:crypto";
import { defineCheck, finding, type HealthFinding } from "../health_check.ts";

const BYTES = 64 << 20;
/** A line of 200 megabits per second delivers this much: a slower hash delays most downloads. */
const SLOW_BYTES = 25e6;

export const HASH_CHECK = defineCheck({
  name: "hash",
  ja: "ハッシュ計算",
  touches: "processor",
  problem: "slow",
  measure({ clock }) {
    const hash = createHash("sha256");
    const block = new Uint8Array(1 << 20);
    const start = clock.monotonic();
    for (let hashed = 0; hashed < BYTES; hashed += block.length) hash.update(block);
    hash.digest();
    return Promise.resolve(BYTES / Math.max(1e-3, (clock.monotonic() - start) / 1000));
  },
  judge: judgeHash,
});

/** Judge bytes per second of one processor. */
export function judgeHash(bytesPerSecond: number): HealthFinding {
  const figures = { bytesPerSecond: Math.round(bytesPerSecond) };
  const speed = `${Math.round(bytesPerSecond / 1e6)} MB/s`;
  const state = { en: `SHA-256 of ${speed}`, ja: `SHA-256 の計算速度は ${speed}` };
  if (bytesPerSecond >= SLOW_BYTES) return finding("ok", state, { figures });
  return finding("slow", {
    en: `${state.en}: slower than a line of 200 Mbit/s`,
    ja: `${state.ja} で、200 Mbit/s の回線より遅くなっています`,
  }, {
    // POSIX knows these flags of ps.
    next: "ps -Ao pcpu,pid,comm | sort -rn | head -5",
    then: "civitai-dl doctor --only hash",
    figures,
  });
}
