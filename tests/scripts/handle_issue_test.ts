import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { EXIT_CODES, KitError, type Language, VERSION } from "../../lib/base/mod.ts";
import { defineCommand, execute, MemoryIo, renderError } from "../../lib/cli/mod.ts";
import { type DownloadEvent, failureHints, type ItemOutcome, openEventLog } from "../../lib/downloader/mod.ts";
import { FailureError, FailureLog } from "../../lib/failsafe/mod.ts";
import { recognizeIssue } from "../../lib/monitor/mod.ts";
import {
  type ExplainedProblem,
  explainLine,
  FAILURE_CLASSES,
  PROBLEM_IDS,
  PROBLEMS,
  readLine,
} from "../../lib/problems/mod.ts";
import { createEventRecorder } from "../../scripts/_download/create_event_recorder.ts";
import { scriptProgram } from "../../scripts/_frame/run_script.ts";
import { command } from "../../scripts/handle_issue.ts";
import { callCommand } from "../helpers/call_command.ts";
import { plannedFile } from "../helpers/library/kept_library.ts";
import { assertLinearTime } from "../helpers/assert_linear_time.ts";
import { NEEDLE, STRICT_SECRETS, USUAL_SECRETS } from "../helpers/secret_texts.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const item = plannedFile(1);
const CLASSES: string[] = [...FAILURE_CLASSES];
const RETRY: DownloadEvent = { type: "retry", item, host: null, attempt: 1, waitMs: 500, failure: "timeout" };

/** Events, and the problem that the log names for each; `null` for none. */
const EVENTS: readonly (readonly [event: DownloadEvent, problem: string | null])[] = [
  [{ type: "target", target: "user:ann" }, null],
  [{ type: "plan", files: 403, bytes: 500 }, null],
  [{ type: "start", item, host: "b2.civitai.com", totalBytes: 500, resumedBytes: 403 }, null],
  [RETRY, "timeout"],
  [{ type: "api-retry", what: "list models", attempt: 1, waitMs: 500, failure: "server" }, "server"],
  [{ type: "mode", from: "turbo", to: "parallel", reason: "36 of 139 calls failed within a minute" }, "engine-mode"],
  [{ type: "mode", from: "stable", to: "paused", reason: "b2.civitai.com has been gone for 5m" }, "engine-mode"],
  [{ type: "mode", from: "stable", to: "resilient", reason: "five minutes of health" }, null],
  [{ type: "mode", from: "turbo", to: "stable", isHeld: true, reason: "held manually" }, "held-by-hand"],
  [{ type: "breaker", key: "b2.civitai.com", from: "closed", to: "open", reason: "10 of 12 calls failed" }, "breaker"],
  [{
    type: "breaker",
    key: "b2.civitai.com",
    from: "closed",
    to: "open",
    reason: "opened manually",
    cause: {
      failure: "tripped",
      status: null,
      fault: null,
      reason: "opened manually",
      ja: { fault: null, reason: "手動で遮断しました" },
    },
  }, "tripped"],
  [{ type: "breaker", key: "b2.civitai.com", from: "half-open", to: "closed", reason: "3 of 3 went well" }, null],
  [{ type: "restart", item, reason: "the file changed on the server", lostBytes: 403 }, "changed"],
  [{
    type: "summary",
    counts: { done: 3 },
    fetchedBytes: 1,
    resumedBytes: 0,
    durationMs: 9,
    retries: 0,
    stopped: { message: "Stopped: 8 consecutive files failed", failure: "server" },
  }, "server"],
  [{
    type: "run-end",
    command: "update",
    exitCode: 6,
    done: 403,
    failed: 0,
    left: 12,
    fetchedBytes: 1,
    durationMs: 9,
    cause: "timeout",
    message: "Cannot list models: no answer",
    hint: null,
  }, "timeout"],
  [{ type: "warning", message: "The library is on a disk that is slow" }, null],
  [{ type: "warning", message: "Cannot list it: no", target: "user:ann", failure: "server" }, "server"],
  [{ type: "warning", message: 'No room for "a"', failure: "disk" }, "disk"],
  [
    { type: "warning", message: 'Cannot fetch "a": no room: 1 B', failure: "disk", problem: "reserve-reached" },
    "reserve-reached",
  ],
];

const OUTCOMES: Readonly<Partial<Record<ItemOutcome, string>>> = {
  "early-access": "early-access",
  login: "login",
  forbidden: "forbidden",
  archived: "archived",
  removed: "gone",
  disabled: "disabled",
  region: "region",
  flagged: "flagged",
  corrupted: "integrity",
};

function ended(failure: FailureError["failure"] | null, outcome: ItemOutcome = "failed"): DownloadEvent {
  const message = "Cannot fetch it: the service does not want to";
  return { type: "end", item, host: null, outcome, bytes: 500, durationMs: 403, failure, message };
}

/** The output of a run: its log, standard output with `--events`, and standard error. */
async function writtenOf(events: readonly DownloadEvent[]): Promise<Readonly<Record<"log" | "out" | "err", string[]>>> {
  const io = new MemoryIo();
  let log = "";
  await inTempDir(async (folder) => {
    const command = defineCommand({
      name: "watch",
      group: "Test",
      summary: "Shows events",
      flags: [{ name: "events", type: "boolean", summary: "As JSON" }],
      run(context) {
        using file = openEventLog(folder, { redact: (text) => text });
        using watched = createEventRecorder(context);
        for (const event of events) {
          file.write(event);
          watched.record(event);
        }
        return Promise.resolve({});
      },
      render: () => "",
    });
    const program = { name: "civitai-dl", version: VERSION, summary: "Test", commands: [command] };
    assertEquals(await execute(program, ["--events", "--verbose"], { io, env: () => undefined }), 0, io.err);
    log = await Deno.readTextFile(join(folder, "download.log"));
  });
  const [lines, out, err] = [log, io.out, io.err].map((text) => text.trimEnd().split("\n"));
  return { log: lines!, out: out!, err: err! };
}

/** The problem of a line, which must be recognized. */
function named(line: string): string | null {
  const explained = explainLine(readLine(line));
  assert(explained.type !== "unknown", `not recognized: ${line}`);
  return explained.type === "problem" ? explained.problem : null;
}

/** What a line says of the problem that it reports. */
function problemIn(line: string, language?: Language): ExplainedProblem {
  const explained = explainLine(readLine(line), { language });
  assert(explained.type === "problem", line);
  return explained;
}

Deno.test("every line of the log names its problem, and handle-issue reads it without the words", async () => {
  const { log } = await writtenOf(EVENTS.map(([event]) => event));
  const blind = log.map((line) => {
    const record = JSON.parse(line);
    for (const field of ["message", "reason"]) if (field in record) record[field] = "…";
    return JSON.stringify(record);
  });
  assertEquals(blind.map(named), EVENTS.map(([, problem]) => problem));
  // Only the end of an item, or an error, is an issue that a monitor reports.
  assertEquals(log.filter((line) => recognizeIssue(readLine(line)) !== null), []);
});

Deno.test("handle-issue names the class of every failure that a run reports, in any output", async () => {
  const { log, out, err } = await writtenOf(FAILURE_CLASSES.map((failure) => ended(failure)));
  for (const lines of [log, out, err]) assertEquals(lines.map(named), CLASSES);
  const tried = await writtenOf(FAILURE_CLASSES.map((failure) => ({ ...RETRY, failure }) as DownloadEvent));
  for (const lines of [tried.log, tried.out, tried.err]) assertEquals(lines.map(named), CLASSES);
});

Deno.test("handle-issue names the class of every outcome, in the log and on a terminal", async () => {
  for (const [outcome, problem] of Object.entries(OUTCOMES)) {
    const { log, err } = await writtenOf([ended(null, outcome as ItemOutcome)]);
    assertEquals([...log, ...err].map(named), [problem, problem], outcome);
  }
});

Deno.test("handle-issue recognizes every line of the failure log", () =>
  inTempDir(async (folder) => {
    const log = new FailureLog(folder, { version: VERSION });
    for (const failure of FAILURE_CLASSES) {
      log.write({ error: new FailureError(failure, "Cannot fetch it: no"), host: "b2.civitai.com", attempt: 403 });
    }
    assertEquals((await Deno.readTextFile(log.path)).trimEnd().split("\n").map(named), CLASSES);
  }));

Deno.test("handle-issue recognizes the hints of each class at the end of a run", () => {
  for (const failure of FAILURE_CLASSES) {
    const one = { key: "k", target: "t", path: "p", failure, message: "m" };
    for (const { text } of failureHints({ failed: [one], outcomes: {} })) assertEquals(named(text), failure);
  }
});

Deno.test("handle-issue recognizes an error of each code, as JSON and as text", () => {
  for (const code of Object.keys(EXIT_CODES) as KitError["code"][]) {
    const error = new KitError(code, "Cannot do it: it does not work", { hint: "Do something else" });
    assertEquals(named(renderError(error, { json: true }).trim()), code);
    assertEquals(named(renderError(error).split("\n")[0]!), "failed");
  }
  assertEquals(named(renderError(new TypeError("x is not a function"), { json: true })), "unexpected");
  const refused = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  assertEquals(named(renderError(refused).split("\n")[0]!), "disk");
});

Deno.test("handle-issue names every problem in Japanese, with the id that doctor explains", async () => {
  for (const problem of PROBLEM_IDS) {
    const line = JSON.stringify({ time: "2026-01-02T03:04:05.678Z", level: "WARN", type: "warning", problem });
    const { out } = await callCommand(command, ["--language", "ja", "--log-line", line]);
    assertStringIncludes(out, `問題:         ${PROBLEMS[problem].ja.title} (${problem})\n`);
    assertStringIncludes(out, "(docs/ja/runbook/");
  }
});

Deno.test("handle-issue says that a retry is automatic, in both languages", () => {
  const line = JSON.stringify({ time: "2026-01-02T03:04:05.678Z", level: "WARN", ...RETRY });
  const retry = problemIn(line);
  assertEquals(retry.meaning, "An attempt failed, and another one follows. No answer came in time");
  assertEquals([recognizeIssue(readLine(line)), retry.problem], [null, "timeout"]);
  assertEquals(
    problemIn(line, "ja").meaning,
    "取得に失敗したため、再試行します。時間内に応答がありませんでした",
  );
});

Deno.test("handle-issue says that a proxy needs credentials, whatever class the line has", () => {
  const message = "Cannot list models: the server responded with 407";
  const record = JSON.stringify({ level: "ERROR", message });
  for (const line of [`error: ${message}`, record]) {
    const { problem, remedy } = problemIn(line);
    assertEquals(problem, "proxy-login");
    assertStringIncludes(remedy, "HTTPS_PROXY");
  }
  assertEquals(recognizeIssue(readLine(record))?.failure, "rejected");
});

Deno.test("handle-issue does not treat a denied permission as a disk failure", () => {
  const denied = new Deno.errors.NotCapable(
    'Requires net access to "evil.test:443", run again with the --allow-net flag',
  );
  assertEquals(named(renderError(denied, { json: true }).trim()), "auth");
  const refused = Object.assign(new Error("Permission denied (os error 13)"), { code: "EACCES" });
  assertEquals(named(renderError(refused).split("\n")[0]!), "disk");
});

Deno.test("handle-issue reads lines of a service journal", () => {
  const line = "Jan 02 03:04:05 nas civitai-dl[812]: removed: models/a.bin: it is not there";
  assertEquals(named(line), "gone");
  assertEquals(problemIn(line).message, "removed: models/a.bin: it is not there");
});

Deno.test("handle-issue shows no key and no escape sequence from a line", () => {
  const { message } = problemIn("timeout: \x1b[31msee https://civitai.com/a?token=s3cr3t\x07");
  assertEquals(message, "timeout: see https://civitai.com/a?token=[redacted]");
});

Deno.test("handle-issue --open writes a report for others: no secret, no home folder, no name", async () => {
  const env = { HOME: "/home/zaphodb" };
  for (const [form, text] of Object.entries({ ...USUAL_SECRETS, ...STRICT_SECRETS })) {
    const line = `ERROR weird thing: ${text} in /home/zaphodb/x and /root/x of user:ann_77`;
    for (const quoted of [line, JSON.stringify({ level: "ERROR", message: line })]) {
      const { code, out } = await callCommand(command, ["--open", "--log-line", quoted], env);
      assertEquals(code, 0);
      for (const secret of [NEEDLE, NEEDLE.slice(0, 5), "zaphodb", "ann_77"]) {
        assert(!out.includes(secret), `${form}: ${secret} is in ${out}`);
      }
      // A word in quotes or the rest of the line may be lost, but not what the report is about.
      assertStringIncludes(out, "ERROR weird thing");
    }
  }
});

Deno.test("handle-issue --open names commands as everybody can type them", async () => {
  const nameCommands = (text: string) => text.replaceAll("civitai-dl ", "deno task ");
  const printed = async (...flags: readonly string[]) => {
    const io = new MemoryIo();
    const argv = [...flags, "--log-line", "ERROR login: the API key is wrong"];
    await execute(scriptProgram(command), argv, { io, env: () => undefined, nameCommands });
    return io.out;
  };
  assertStringIncludes(await printed("--open"), "civitai-dl debug-info");
  assertStringIncludes(await printed(), "deno task ");
});

Deno.test("handle-issue takes linear time for any line", async () => {
  for (const piece of ["retry 1 of a", ": a", "status ", "HTTP 403", "Jan 02 03:04:05 a b: ", "failed: "]) {
    await assertLinearTime((text) => explainLine(readLine(text)), piece, { name: "explainLine()" });
  }
});
