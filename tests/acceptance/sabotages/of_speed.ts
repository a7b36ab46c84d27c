import { judgeByBenchmarks } from "../_judged.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

/** Defects that cost time. */
export const SABOTAGES_OF_SPEED: readonly Sabotage[] = [
  {
    name: "slow-hash",
    edits: [replace(
      "lib/transfer/part/hash_follower.ts",
      "advance: (bytes) => digest(state, bytes),",
      `advance(bytes) {
      digest({ hash: createHash("sha256"), crc: 0, blocks: [], blockFill: 0 }, bytes.subarray(0, bytes.length * 0.3));
      digest(state, bytes);
    },`,
    )],
    judge: (copy) => judgeByBenchmarks(copy, ["--only", "hash", "--runs", "30"]),
    meant: "transfer: hash while writing",
  },
];
