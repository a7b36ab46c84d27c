import { judgeByBenchmarks } from "../_judged.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

/** Whole downloads by both commits, in turn: of small files one by one, which show what each file costs. */
const DOWNLOADS = ["--downloads", "--only", "download small, one by one"];

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
    judge: (copy) => judgeByBenchmarks(copy, ["--only", "hash", "--runs", "60"]),
    meant: "transfer: hash while writing",
  },
  {
    name: "one-ms-a-file",
    edits: [
      replace(
        "lib/downloader/fetch/_record_done.ts",
        "  const mtimeMs = readMtime(join(root, item.path));\n",
        "  for (const end = performance.now() + 1; performance.now() < end;);\n" +
          "  const mtimeMs = readMtime(join(root, item.path));\n",
      ),
    ],
    // A twentieth of what a file costs with all its rows and sidecars, so that the usual threshold would just miss it.
    judge: (copy) => judgeByBenchmarks(copy, [...DOWNLOADS, "--runs", "30", "--threshold", "0.03"]),
    meant: "download small, one by one: processor time",
    also: ["download small, one by one: time"],
  },
  {
    // It must not make the other engines look faster. Fifty milliseconds a file are seen by six runs, also beside others.
    name: "slower-stable",
    edits: [
      replace(
        "lib/transfer/transfer_file.ts",
        "  const { onEvent, durable } = settled;\n",
        "  const { onEvent, durable } = settled;\n" +
          '  if (settled.profile.name === "stable") await new Promise((wake) => setTimeout(wake, 50));\n',
      ),
    ],
    judge: (copy) => judgeByBenchmarks(copy, [...DOWNLOADS, "--runs", "6"]),
    meant: "download small, one by one: time",
    also: ["download small, one by one: processor time"],
  },
];
