import { createHash } from "node:crypto";
import { defineCheck, finding, type HealthFinding } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

const BYTES = 64 << 20;
/** A line of 200 megabits per second delivers this much: a slower hash delays most downloads. */
const SLOW_BYTES = 25e6;

export const HASH_CHECK = defineCheck({
  name: "hash",
  question: "Is SHA-256 fast enough for the network?",
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
export function judgeHash(bytesPerSecond: number, place: CommandPlace): HealthFinding {
  const figures = { bytesPerSecond: Math.round(bytesPerSecond) };
  const speed = `${Math.round(bytesPerSecond / 1e6)} MB/s`;
  const state = { en: `SHA-256 of ${speed}`, ja: `SHA-256 の計算速度は ${speed}` };
  if (bytesPerSecond >= SLOW_BYTES) return finding("ok", state, { figures });
  return finding("warn", {
    en: `${state.en}: slower than a line of 200 Mbit/s`,
    ja: `${state.ja} で、200 Mbit/s の回線より遅くなっています`,
  }, {
    // POSIX knows these flags of ps.
    remedy: "ps -Ao pcpu,pid,comm | sort -rn | head -5",
    afterwards: nextCommand(place, "doctor --only hash"),
    advice: {
      en: "it lists what uses the processor most: stop that; if nothing does, --engine parallel hashes less at a time",
      ja:
        "CPU を最も使っているプログラムが表示されるので、停止してください。見当たらない場合は、--engine parallel で同時に計算する量を減らせます",
    },
    figures,
  });
}
