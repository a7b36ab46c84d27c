import { judgeByStability } from "../_judged.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

/** A stability run with faults. Sabotages that show at once end it by --abort-on, before the heap is judged. */
export const ROUGH: readonly string[] = ["--duration", "180", "--pace", "3", "--lanes", "6"];
/** One that ends when cuts come too late, after a minute: the first late cut alone may leave the claim open. */
const LATE: readonly string[] = [...ROUGH, "--abort-on", "late_cut_rate", "--delay-abort", "60s"];
/** A stability run without faults: with many requests per second, minutes show what is kept of each. */
export const CALM: readonly string[] = calm(180);

/** Keep two hundred bytes: 19 numbers and their array. */
const KEEP = "KEPT.push(new Array(19).fill(performance.now()));";
const KEPT = "const KEPT: number[][] = [];";

/** Defects that only a run shows. */
export const SABOTAGES_OF_STABILITY: readonly Sabotage[] = [
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
      replace("lib/civitai/requests/_wire.ts", "report(response.status);", `report(response.status);\n      ${KEEP}`),
      replace("lib/civitai/requests/_wire.ts", "const MAX_REDIRECTS = 5;", `const MAX_REDIRECTS = 5;\n${KEPT}`),
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
    // The job and its file.
    says: /; \d+-(?:download:\w+|update): [^;]+; .*deno task stability --duration \w+ --seed 1 /,
    also: ["recovery_rate", "timeout_rate"],
  },
  {
    name: "kept-permit",
    edits: [replace("lib/downloader/fetch/limits/host_permits.ts", "this.#permit.finish(this.#load);", "")],
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "deadlocks"]),
    meant: "deadlocks",
    says: /; \d+-\S+: gave no sign of life for [^;]+, last at "/,
    also: ["success_rate", "recovery_rate"],
  },
  {
    name: "unchecked-hash",
    edits: [replace("lib/transfer/transfer_file.ts", "  verify(request, part);\n", "")],
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "integrity"]),
    meant: "integrity",
    says: /; \d+-\S+: wrong bytes: \S/,
    // The program's own verify finds it too.
    also: ["success_rate", "recovery_rate"],
  },
  {
    name: "leaked-handle",
    edits: [
      replace(
        "lib/transfer/_attempt.ts",
        "const plan = await prepareResume(state);",
        'const plan = await prepareResume(state);\n  Deno.openSync("/dev/null");',
      ),
    ],
    judge: (copy) => judgeByStability(copy, calm(120)),
    meant: "leak_handles",
    also: ["leak_heap"],
  },
  {
    name: "unhandled-rejection",
    edits: [
      replace(
        "lib/transfer/_open_range.ts",
        "const latencyMs = clock.monotonic() - sentAt;",
        'const latencyMs = clock.monotonic() - sentAt;\n  if (latencyMs > 50) void Promise.reject(new TypeError("sabotaged"));',
      ),
    ],
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "restarts"]),
    meant: "restarts",
    says: new RegExp(
      '; \\d+-(?:download:\\w+|update): The process ended with 1, last at "[^"]+"\\n.*Unexpected TypeError: sabotaged\\n' +
        "(?:.*\\n)* +at openRange \\(lib/transfer/_open_range\\.ts:\\d+:\\d+\\)[^]*; deno task stability --duration \\w+ --seed 1 ",
    ),
    also: ["success_rate", "recovery_rate", "timeout_rate"],
  },
  {
    name: "half-the-models",
    edits: [
      replace(
        "lib/downloader/plan/plan_model.ts",
        "const versions = withoutForgottenVersions(context, model, chooseVersions(model, choice, options));",
        "if (model.id % 2 === 0) return [];\n  const versions = withoutForgottenVersions(context, model, chooseVersions(model, choice, options));",
      ),
    ],
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "completeness"]),
    meant: "completeness",
    says: /; \d+-\S+: missing: \S/,
  },
  {
    name: "fetched-twice",
    edits: [
      replace(
        "lib/downloader/fetch/fetch_item.ts",
        "return await transferItem(context, item, place);",
        "await transferItem(context, item, place);\n      await Deno.remove(path);\n" +
          "      return await transferItem(context, item, place);",
      ),
    ],
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "wire_bytes", "--delay-abort", "30s"]),
    meant: "wire_bytes",
    says: /; \d+-\S+: too many bytes: \S/,
  },
  {
    name: "patient-stall",
    edits: [replace("lib/transfer/rate/stall_watch.ts", "}, stallMs / EIGHTHS);", "}, 1000 * stallMs / EIGHTHS);")],
    judge: (copy) => judgeByStability(copy, LATE),
    meant: "late_cut_rate",
    says: /; \d+-\S+: cut too late: \S/,
    also: ["deadlocks", "success_rate", "timeout_rate"],
  },
  {
    // Any byte is enough for it to go on.
    name: "patient-slow-line",
    edits: [
      replace(
        "lib/transfer/rate/stall_watch.ts",
        "this.#bytes - marks.shift()! >= stallBytes)",
        "this.#bytes > marks.shift()!)",
      ),
    ],
    judge: (copy) => judgeByStability(copy, LATE),
    meant: "late_cut_rate",
    says: /; [^;]+: cut too late: [^;]+ was slow in its body for \d+ ms, /,
    also: ["success_rate", "timeout_rate"],
  },
  {
    name: "handle-of-failures",
    edits: [
      replace(
        "lib/downloader/fetch/_run_item.ts",
        "run.tally.recordFailure(item, wrapped);",
        'run.tally.recordFailure(item, wrapped);\n    Deno.openSync("/dev/null");',
      ),
    ],
    judge: (copy) => judgeByStability(copy, ROUGH),
    meant: "leak_handles",
    also: ["leak_heap"],
  },
];

function calm(seconds: number): readonly string[] {
  return ["--duration", String(seconds), "--pace", "4", "--lanes", "6", "--toxics", "none"];
}
