import { judgeByGate } from "../_judged.ts";
import { judgeTestsOf } from "../_one_room.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

const DURABLE = "tests/integration/durable_writes_test.ts";

/** Defects that the tests or the sources show, without a run of hours. */
export const SABOTAGES_OF_CODE: readonly Sabotage[] = [
  {
    // What judges a hotfix must find it.
    name: "unretried-503",
    edits: [
      replace(
        "lib/transfer/judge_response.ts",
        'if (status === 429 || status === 503) return new FailureError("throttled",',
        'if (status === 503) return new FailureError("rejected", message, options);\n' +
          '  if (status === 429) return new FailureError("throttled",',
      ),
    ],
    judge: (copy) => judgeByGate(copy, ["--quick"]),
    meant: "touched-tests",
    says: /^fail; \d+ of \d+ failed: transfer; [^]*; tests\/transfer\/judge_response_test\.ts: /,
    // It changes the product, and no file of changes/ tells users.
    also: ["documents"],
  },
  {
    name: "unretried-503-of-api",
    edits: [
      replace(
        "lib/civitai/requests/classify_response.ts",
        "  if (status >= 500) {\n",
        '  if (status === 503) return { failure: "rejected" };\n  if (status >= 500) {\n',
      ),
    ],
    judge: (copy) => judgeByGate(copy, ["--quick"]),
    meant: "touched-tests",
    says: /^fail; \d+ of \d+ failed: civitai; [^]*; tests\/civitai\/(?:client|requests)\/\w+_test\.ts: /,
    also: ["documents"],
  },
  {
    name: "swallowed-fsync",
    edits: [
      replace(
        "lib/transfer/part/part_file.ts",
        "if (!await syncFile(this.#file)) this.#state",
        "if (!this) this.#state",
      ),
    ],
    judge: (copy) => judgeTestsOf(copy, DURABLE),
    meant: "tests",
    says: /'a transferred file: no "flush a\.pt\.part" in /,
  },
  {
    name: "unflushed-name",
    edits: [
      replace(
        "lib/base/files/write_atomic.ts",
        '  if (sync) await syncDir(nodeModule("node:path").dirname(path));\n',
        "",
      ),
    ],
    judge: (copy) => judgeTestsOf(copy, DURABLE),
    meant: "tests",
    says: /'a state file: no "flush \." in /,
  },
  {
    name: "unflushed-catalog",
    edits: [
      replace(
        "lib/library/catalog/_open_database.ts",
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;",
      ),
    ],
    judge: (copy) => judgeTestsOf(copy, DURABLE),
    meant: "tests",
    says: /the catalog: no "flush \.civitai-dl\/catalog\.db-wal" in /,
  },
  {
    name: "key-to-storage",
    edits: [
      replace(
        "lib/civitai/requests/_wire.ts",
        "if (token !== undefined && this.isApi(url))",
        "if (token !== undefined)",
      ),
    ],
    judge: (copy) => judgeTestsOf(copy, "tests/civitai"),
    meant: "tests",
    says: /; tests\/civitai\/(?:client|requests)\/\w+_test\.ts: /,
  },
  {
    name: "unconditional-range",
    edits: [
      replace(
        "lib/transfer/_open_range.ts",
        '...(etag === null ? {} : { "if-range": etag })',
        "...(etag === null ? {} : {})",
      ),
    ],
    judge: (copy) => judgeTestsOf(copy, "tests/transfer/transfer_file_test.ts"),
    meant: "tests",
    says: /; tests\/transfer\/transfer_file_test\.ts: /,
  },
  {
    name: "ignored-retry-after",
    edits: [replace("lib/failsafe/retry/retry_after.ts", "return Number(text) * 1000;", "return 0;")],
    judge: (copy) => judgeTestsOf(copy, "tests/failsafe/failure/failure_test.ts"),
    meant: "tests",
    says: /; tests\/failsafe\/failure\/failure_test\.ts: "parseRetryAfter\(\) reads seconds /,
  },
  {
    name: "half-a-picture",
    edits: [
      replace(
        "lib/library/content/inspect_picture.ts",
        "if (problem !== null || isMediaFormat(format)) return { format, problem };",
        "if (isMediaFormat(format)) return { format, problem: null };",
      ),
    ],
    judge: (copy) => judgeTestsOf(copy, "tests/library/content/inspect_picture_test.ts"),
    meant: "tests",
    says: /; tests\/library\/content\/inspect_picture_test\.ts: /,
  },
  {
    name: "upward-import",
    edits: [{
      type: "add",
      path: "lib/stats/upward.ts",
      text:
        'import type { Command } from "../cli/mod.ts";\n\n/** Imports a higher room. */\nexport type Upward = Command;\n',
    }],
    judge: (copy) => judgeByGate(copy, ["--only", "lint"]),
    meant: "lint",
    says: /; lib\/stats\/upward\.ts: /,
  },
  {
    name: "silent-change",
    edits: [replace("lib/failsafe/retry/retry_policy.ts", "maxRetryAfterMs: 120_000", "maxRetryAfterMs: 121_000")],
    judge: (copy) => judgeByGate(copy, ["--only", "documents"]),
    meant: "documents",
    says: /no file of changes\/ tells users of a change, but lib\/failsafe\/retry\/retry_policy\.ts changed since /,
  },
  {
    name: "greedy-workflow",
    edits: [replace(".github/workflows/ci.yml", "\npermissions: {}\n", "\npermissions: write-all\n")],
    judge: (copy) => judgeTestsOf(copy, "tests/checks/workflows/workflows_test.ts"),
    meant: "tests",
    says: /; tests\/checks\/workflows\/workflows_test\.ts: "ci\.yml: /,
  },
  {
    name: "crowded-host",
    edits: [
      replace(
        "lib/downloader/fetch/limits/host_permits.ts",
        "({ ceiling: connections, start: connections, cap, onChange, clock })",
        "({ ceiling: 3 * connections, start: 3 * connections, onChange, clock })",
      ),
    ],
    judge: (copy) => judgeTestsOf(copy, "tests/downloader/fetch/run_queue_parallel_test.ts"),
    meant: "tests",
    says: /; tests\/downloader\/fetch\/run_queue_parallel_test\.ts: /,
  },
];
