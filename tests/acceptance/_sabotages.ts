import { judgeByBenchmarks, judgeByGate, judgeByStability, type Judged } from "./_judged.ts";
import { judgeOneRoom, judgeTestsOf, UNTESTED_FILE } from "./_one_room.ts";
import type { ProductCopy, SourceEdit } from "./_product_copy.ts";

/** A defect of the product, and the judge that must find it. */
export interface Sabotage {
  readonly name: string;
  readonly edits: readonly SourceEdit[];
  readonly judge: (copy: ProductCopy) => Promise<Judged>;
  /** What must fail, by its name in the report. */
  readonly meant: string;
  /** What the report must state: the culprit, and no other. */
  readonly says?: RegExp;
  /** What may fail as a consequence. */
  readonly also?: readonly string[];
  /**
   * The exit code.
   *
   * @default {1}
   */
  readonly code?: number;
  /**
   * Whether it runs only if it is named.
   *
   * @default {false}
   */
  readonly isLong?: boolean;
}

/** A stability run with faults. Sabotages that show at once end it by --abort-on, before the heap is judged. */
export const ROUGH: readonly string[] = ["--duration", "180", "--pace", "3", "--lanes", "6"];
/** A stability run without faults: with many requests per second, minutes show what is kept of each. */
export const CALM: readonly string[] = calm(180);

/** Keep two hundred bytes: 19 numbers and their array. */
const KEEP = "KEPT.push(new Array(19).fill(performance.now()));";
const KEPT = "const KEPT: number[][] = [];";

const ONE_UNTESTED = /^fail; 1 of \d+ files; lib\/stats\/untested\.ts: /;

const replace = (path: string, find: string, put: string): SourceEdit => ({ type: "replace", path, find, put });

/** All sabotages. */
export const SABOTAGES: readonly Sabotage[] = [
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
  {
    name: "leaked-body",
    edits: [
      replace(
        "lib/civitai/client/_resolve_download.ts",
        "const MAX_HOPS = 10;",
        "const MAX_HOPS = 10;\nconst KEPT: Response[] = [];",
      ),
      replace(
        "lib/civitai/client/_resolve_download.ts",
        "checkDownloadHost(next, {",
        'KEPT.push(await requester.wire.send(new URL("/api/v1/models?limit=1", context.base.href), { what, signal }));\n' +
          "      checkDownloadHost(next, {",
      ),
    ],
    judge: (copy) => judgeByStability(copy, CALM),
    // A small body is buffered, and its connection is free again: nothing stays open.
    meant: "leak_external",
    also: ["leak_heap"],
  },
  {
    name: "unclosed-file",
    edits: [replace("lib/library/content/inspect_file.ts", "using file = openToRead(", "const file = openToRead(")],
    judge: (copy) => judgeByStability(copy, CALM),
    meant: "leak_handles",
    also: ["leak_heap"],
  },
  {
    name: "kept-bytes",
    edits: [
      replace(
        "lib/transfer/_open_range.ts",
        "const latencyMs = clock.monotonic() - sentAt;",
        `const latencyMs = clock.monotonic() - sentAt;\n  ${KEEP}`,
      ),
      replace("lib/transfer/_open_range.ts", "/** A range of the file to request. */", `${KEPT}\n/** A range. */`),
      replace("lib/civitai/client/_wire.ts", "report(response.status);", `report(response.status);\n      ${KEEP}`),
      replace("lib/civitai/client/_wire.ts", "const MAX_REDIRECTS = 5;", `const MAX_REDIRECTS = 5;\n${KEPT}`),
    ],
    // Long enough to be more than a warm-up.
    judge: (copy) => judgeByStability(copy, calm(420)),
    meant: "leak_heap",
  },
  {
    name: "no-retry",
    edits: [
      replace(
        "lib/failsafe/retry/retry.ts",
        "const isWorthIt = attempt <= maxRetries &&",
        "const isWorthIt = attempt <= 0 &&",
      ),
    ],
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "success_rate", "--delay-abort", "30s"]),
    meant: "success_rate",
    also: ["recovery_rate"],
  },
  {
    name: "kept-permit",
    edits: [replace("lib/downloader/fetch/host_permits.ts", "this.#permit.finish(this.#load);", "")],
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "deadlocks"]),
    meant: "deadlocks",
    also: ["success_rate", "recovery_rate"],
  },
  {
    name: "unchecked-hash",
    edits: [replace("lib/transfer/transfer_file.ts", "  verify(request, part);\n", "")],
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "integrity"]),
    meant: "integrity",
    // The program's own verify finds it too.
    also: ["success_rate", "recovery_rate"],
  },
  {
    name: "deleted-test",
    edits: [{ type: "delete", path: "tests/transfer/part/extents_test.ts" }],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /; (?:tests\/transfer\/part\/extents_test\.ts: "[^;]+" is gone since \w+; )+if that is right/,
  },
  {
    name: "deleted-case",
    edits: [replace(
      "tests/stats/quantile_test.ts",
      'Deno.test("normalTail() agrees with the tables", ',
      'void ("normalTail() agrees with the tables", ',
    )],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /; tests\/stats\/quantile_test\.ts: "normalTail\(\) agrees with the tables" is gone since \w+; if that/,
  },
  {
    name: "ignored-case",
    edits: [replace(
      "tests/stats/quantile_test.ts",
      'Deno.test("normalTail() agrees with the tables", ',
      'Deno.test.ignore("normalTail() agrees with the tables", ',
    )],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /: "normalTail\(\) agrees with the tables" is ignored; if that/,
  },
  {
    name: "voided-asserts",
    edits: [replace("std/assert/mod.ts", "  throw new AssertionError(", "  void new AssertionError(")],
    judge: (copy) => judgeTestsOf(copy, "tests/std"),
    meant: "tests",
    says: /; tests\/std\/assert_test\.ts: /,
  },
  {
    name: "weakened-rate",
    edits: [replace("config/phases.yml", 'require: "< 0.1%"', 'require: "< 1%"')],
    judge: (copy) => judgeByGate(copy, ["--phase", "3", "--only", "workflows"]),
    meant: "weakened",
    says: /; phase 3, concurrency-error-rate: require was < 0\.1 %, and is < 1 % \(in \w+\)/,
  },
  {
    name: "switched-off-condition",
    edits: [
      replace(
        "config/phases.yml",
        "        title: All tests pass\n",
        "        title: All tests pass\n        level: off\n",
      ),
    ],
    judge: (copy) => judgeByGate(copy, ["--only", "workflows"]),
    meant: "weakened",
    says: /; phase 1, tests: level was error, and is off \(in \w+\)/,
  },
  {
    name: "untested-file",
    edits: [UNTESTED_FILE],
    judge: judgeOneRoom,
    meant: "untested",
    says: ONE_UNTESTED,
  },
  {
    // The check of config/phases.yml: all tests, with coverage.
    name: "untested-file-of-all",
    edits: [UNTESTED_FILE],
    judge: (copy) => judgeByGate(copy, ["--only", "untested"]),
    meant: "untested",
    says: ONE_UNTESTED,
    isLong: true,
  },
];

function calm(seconds: number): readonly string[] {
  return ["--duration", String(seconds), "--pace", "4", "--lanes", "6", "--toxics", "none"];
}
