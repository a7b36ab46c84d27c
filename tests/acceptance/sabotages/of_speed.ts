import { judgeByBenchmarks } from "../_judged.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

/** The benchmark that shows what each file costs. */
const SMALL_FILES = "fifty small files, one by one";

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
    meant: "slowdown:transfer: hash while writing",
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
    // A tenth of what a file costs with all its rows and sidecars.
    judge: (copy) => judgeByBenchmarks(copy, ["--only", SMALL_FILES, "--runs", "80"]),
    meant: `slowdown:downloader: ${SMALL_FILES}`,
  },
  {
    // It must not make the other engines look faster. Fifty milliseconds a file are seen by six runs, also beside others.
    name: "slower-stable",
    edits: [
      replace(
        "lib/transfer/transfer_file.ts",
        "  const { durable } = line;\n",
        "  const { durable } = line;\n" +
          '  if (request.profile?.name === "stable") await new Promise((wake) => setTimeout(wake, 50));\n',
      ),
    ],
    judge: (copy) => judgeByBenchmarks(copy, ["--only", SMALL_FILES, "--runs", "6"]),
    meant: `slowdown:downloader: ${SMALL_FILES}`,
  },
];
