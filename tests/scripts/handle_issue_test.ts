import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { EXIT_CODES, KitError, VERSION } from "../../lib/base/mod.ts";
import { classifyResponse } from "../../lib/civitai/mod.ts";
import { defineCommand, execute, MemoryIo, renderError } from "../../lib/cli/mod.ts";
import { type DownloadEvent, failureHints, type ItemOutcome, openEventLog } from "../../lib/downloader/mod.ts";
import { FailureError, FailureLog } from "../../lib/failsafe/mod.ts";
import { FAILURE_CLASSES, handleIssue, LINE_MEANINGS } from "../../lib/monitor/mod.ts";
import { judgeResponse } from "../../lib/transfer/mod.ts";
import { createEventRecorder } from "../../scripts/_download/create_event_recorder.ts";
import { scriptProgram } from "../../scripts/_frame/run_script.ts";
import { command } from "../../scripts/handle_issue.ts";
import { callCommand } from "../helpers/call_command.ts";
import { plannedFile } from "../helpers/library/kept_library.ts";
import { assertLinearTime } from "../helpers/assert_linear_time.ts";
import { NEEDLE, STRICT_SECRETS, USUAL_SECRETS } from "../helpers/secret_texts.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { listSaid } from "./_said_lines.ts";

const item = plannedFile(1);
const CLASSES: string[] = [...FAILURE_CLASSES];

/** One of each type: a missing type does not compile. */
const EVENTS: { readonly [Type in DownloadEvent["type"]]: Extract<DownloadEvent, { type: Type }> } = {
  target: { type: "target", target: "user:ann" },
  expect: {
    type: "expect",
    target: "user:4712",
    models: 1000,
    modelRequests: 10,
    galleryRequests: 0,
    modelMs: 20_000,
    galleryMs: 0,
  },
  page: { type: "page", target: "user:ann", models: 3, files: 403 },
  listed: { type: "listed", target: "user:ann", listing: { apiCount: 403, seen: 500, missing: null } },
  plan: { type: "plan", files: 403, bytes: 500 },
  planned: {
    type: "planned",
    item: {
      key: item.key,
      kind: "file",
      state: "planned",
      outcome: null,
      reason: null,
      path: item.path,
      sizeBytes: 500,
      creator: "ann",
      modelId: 1,
      modelName: "A",
      modelType: "LORA",
      versionId: 403,
      versionName: "v1",
      baseModel: "Pony",
      fileId: 500,
      imageId: null,
      sha256: null,
      doneAt: null,
    },
  },
  start: { type: "start", item, host: "b2.civitai.com", totalBytes: 500, resumedBytes: 403 },
  bytes: { type: "bytes", key: item.key, count: 403 },
  retry: { type: "retry", item, host: null, attempt: 1, waitMs: 500, failure: "timeout" },
  connections: { type: "connections", item, count: 4, reason: "the line bears more" },
  limit: { type: "limit", host: "b2.civitai.com", from: 2, to: 3, reason: "all is well" },
  mode: { type: "mode", from: "turbo", to: "parallel", reason: "36 of 139 calls failed within a minute" },
  rollout: {
    type: "rollout",
    rollout: "turbo",
    action: "advance",
    by: "judge",
    from: "running",
    to: "running",
    weight: 50,
    isTrouble: false,
    reason: "0 of 80 canary downloads failed",
  },
  breaker: { type: "breaker", key: "b2.civitai.com", from: "closed", to: "open", reason: "10 of 12 calls failed" },
  restart: { type: "restart", item, reason: "the file changed on the server", lostBytes: 403 },
  end: {
    type: "end",
    item,
    host: null,
    outcome: "done",
    bytes: 500,
    durationMs: 403,
    failure: null,
    message: null,
  },
  wait: { type: "wait", host: "b2.example", waitMs: 12_000, reason: "answers with errors (500)" },
  pass: { type: "pass", number: 2, remaining: 403, leftOut: 0 },
  replan: { type: "replan", targets: 3, failed: 1, files: 403, bytes: 500 },
  unreadable: { type: "unreadable", target: "user:ann", kind: "model", name: "model 7", reason: "id is no number" },
  "api-retry": { type: "api-retry", what: "list models", attempt: 1, waitMs: 500, failure: "server" },
  summary: { type: "summary", counts: { done: 403 }, fetchedBytes: 1, resumedBytes: 0, durationMs: 9, retries: 0 },
  "run-end": {
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
  },
  warning: { type: "warning", message: "The library is on a disk that is slow" },
};

const OUTCOMES: { readonly [Outcome in ItemOutcome]: string | null } = {
  done: null,
  "already there": null,
  "early-access": "early-access",
  login: "login",
  forbidden: "forbidden",
  archived: "archived",
  removed: "gone",
  disabled: "disabled",
  region: "region",
  flagged: "flagged",
  failed: "dns",
  corrupted: "integrity",
};

const MORE: readonly DownloadEvent[] = [
  { type: "mode", from: "stable", to: "paused", reason: "b2.civitai.com has been gone for 5m" },
  { type: "mode", from: "stable", to: "resilient", reason: "five minutes of health" },
  { type: "breaker", key: "b2.civitai.com", from: "open", to: "half-open", reason: "probing after the wait" },
  { type: "breaker", key: "b2.civitai.com", from: "half-open", to: "closed", reason: "3 of 3 calls went well" },
];

function failed(failure: FailureError["failure"], outcome: ItemOutcome = "failed"): DownloadEvent {
  return { ...EVENTS.end, outcome, failure, message: "Cannot fetch it: the service does not want to" };
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
        using watched = createEventRecorder(context, file);
        for (const event of events) watched.record(event);
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

/** The classification of a line. */
function named(line: string): string {
  const { recognized, line: kind, failure, meaning, remedy, runbook } = handleIssue(line);
  assert(recognized && meaning !== null && remedy !== null && runbook !== null, `not recognized: ${line}`);
  return failure ?? kind!;
}

Deno.test("handle-issue recognizes every event of a run, in the log and on standard output", async () => {
  const all = [...Object.values(EVENTS), ...MORE];
  const { log, out } = await writtenOf(all);
  assertEquals([log.length, out.length], [all.length - 3, all.length]);
  assertEquals(out.map(named), [
    ...[
      "target",
      "expect",
      "page",
      "listed",
      "plan",
      "planned",
      "start",
      "bytes",
      "timeout",
      "connections",
      "limit",
      "mode.down",
    ],
    ...[
      "rollout",
      "breaker.open",
      "restart",
      "done",
      "wait",
      "pass",
      "replan",
      "unreadable",
      "server",
      "summary",
      "run-end",
      "warning",
    ],
    ...["mode.paused", "mode.up", "breaker.half-open", "breaker.closed"],
  ]);
  assertEquals(log.map(named), out.map(named).filter((kind) => !["page", "planned", "bytes"].includes(kind)));
  // Only the end of an item, or an error, is an issue that a monitor reports.
  assertEquals(log.filter((line) => handleIssue(line).issue !== null), []);
});

Deno.test("handle-issue recognizes every line that a run writes to standard error", async () => {
  const { err } = await writtenOf([...Object.values(EVENTS), ...MORE]);
  assertEquals(err.map(named).toSorted(), [
    ...["breaker.closed", "breaker.half-open", "breaker.open", "expect", "mode.down", "mode.paused", "mode.up"],
    ...["restart", "rollout", "timeout", "warning"],
  ]);
});

Deno.test("handle-issue names the class of every failure that a run reports, in any output", async () => {
  const events = FAILURE_CLASSES.map((failure) => failed(failure));
  const { log, out } = await writtenOf(events);
  assertEquals(log.map(named), CLASSES);
  assertEquals(out.length, FAILURE_CLASSES.length);
  const retries = FAILURE_CLASSES.map((failure) => ({ ...EVENTS.retry, failure }));
  const tried = await writtenOf(retries);
  for (const lines of [tried.log, tried.out, tried.err]) assertEquals(lines.map(named), CLASSES);
  const asked = await writtenOf(FAILURE_CLASSES.map((failure) => ({ ...EVENTS["api-retry"], failure })));
  for (const lines of [asked.log, asked.out]) assertEquals(lines.map(named), CLASSES);
});

Deno.test("handle-issue names the class of every outcome on a terminal", async () => {
  for (const [outcome, failure] of Object.entries(OUTCOMES)) {
    if (failure === null) continue;
    const message = "Cannot fetch it: no name server knows the name (dns error)";
    const { err } = await writtenOf([{ ...EVENTS.end, outcome: outcome as ItemOutcome, failure: null, message }]);
    assertEquals(err.map(named), [failure], outcome);
    const advice = handleIssue(err[0]!);
    assertEquals([advice.issue?.outcome, advice.issue?.path, advice.message], [outcome, item.path, message]);
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
    for (const line of failureHints({ failed: [one], outcomes: {} })) assertEquals(named(line), failure);
  }
});

Deno.test("handle-issue recognizes an error of each code, as text and as JSON", () => {
  for (const code of Object.keys(EXIT_CODES) as KitError["code"][]) {
    const error = new KitError(code, "Cannot do it: it does not work", {
      hint: "Do something else",
      cause: new Error("below"),
    });
    const kinds = renderError(error, { verbose: true }).trimEnd().split("\n").map(named);
    assertEquals(kinds, ["error", "cause", "hint"]);
    assertEquals(named(renderError(error, { json: true }).trim()), `error.${code}`);
    assert(handleIssue(renderError(error, { json: true })).meaning?.includes(`exit code ${EXIT_CODES[code]}`));
  }
  const mistake = new TypeError("x is not a function");
  assertEquals(named(renderError(mistake).split("\n")[0]!), "error.unexpected");
  assertEquals(named(renderError(mistake, { json: true })), "error.unexpected");
  const refused = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  assertEquals(renderError(refused).trimEnd().split("\n").map(named), ["disk", "hint"]);
});

/** Every status of a refusal. */
const STATUSES = Array.from({ length: 200 }, (_, index) => 400 + index);

Deno.test("handle-issue agrees with the engine about the class of an API response, by the text of the error", () => {
  for (const status of STATUSES) {
    const error = classifyResponse({ status, headers: new Headers(), text: "" }, {
      what: "fetch 403 of 500 models",
      hasToken: true,
      nowMs: 0,
    });
    for (const json of [true, false]) {
      assertEquals(named(renderError(error, { json }).split("\n")[0]!), error.failure, error.message);
    }
  }
});

Deno.test("handle-issue agrees with the engine about the class of a storage response, by the text of the error", () => {
  const asked = { offset: 0, totalBytes: null, etag: null, host: "b2.civitai.com", nowMs: 0 };
  for (const status of [301, 302, 307, ...STATUSES]) {
    const action = judgeResponse(status, new Headers(), asked);
    if (action.type !== "fail") continue;
    assertEquals(named(`failed: models/a.bin: ${action.error.message}`), action.error.failure, action.error.message);
  }
});

/** Lines of other programs, and their classes. */
const FOREIGN: readonly (readonly [line: string, failure: string])[] = [
  ["ERROR 451: Unavailable For Legal Reasons", "region"],
  ["ERROR: HTTP/1.1 416 Range Not Satisfiable", "changed"],
  ["ERROR: the server returned status 520", "server"],
  ["ERROR: getaddrinfo ENOTFOUND civitai.com", "dns"],
  ["ERROR: getaddrinfo EAI_AGAIN civitai.com", "dns"],
  ["ERROR 407 Proxy Authentication Required", "rejected"],
  ["ERROR: Received HTTP code 407 from proxy after CONNECT", "rejected"],
  ["ERROR: The requested URL returned error: 403", "forbidden"],
  ["ERROR 404: Not Found.", "gone"],
  ["ERROR: 403 Client Error: Forbidden for url: https://civitai.com/api", "forbidden"],
  ["[ERROR] errorCode=22 status=503", "server"],
  ["ERROR: connect ETIMEDOUT 1.2.3.4:443", "timeout"],
  ["ERROR: socket hang up", "connection"],
  ["ERROR: EROFS: read-only file system", "disk"],
];

for (const [line, failure] of FOREIGN) {
  Deno.test(`handle-issue classifies "${line}" as ${failure}`, () => assertEquals(named(line), failure));
}

Deno.test("handle-issue reads a number as a status only in context", () => {
  const counts = ["fetched 403 of 500", "404 files", "error 500 models were left out", "429 MiB/s", "code 403.5"];
  for (const text of counts) assertEquals(named(`ERROR ${text}`), "unknown", text);
  for (const text of counts) assertEquals(handleIssue(`INFO ${text}`).recognized, false, text);
  assertEquals(named("warning: fetched 403 of 500"), "warning");
  assertEquals(named('error: Cannot continue: "model 404" has 429 files'), "error");
});

Deno.test("handle-issue reports that a proxy needs credentials, and that a retry is automatic", () => {
  const { meaning, remedy } = handleIssue("error: Cannot list models: the server responded with 407");
  assert(/proxy/.test(meaning!) && /HTTPS_PROXY/.test(remedy!));
  const retry = handleIssue("retry 2 for models/a.bin: timeout");
  assertEquals(retry.meaning, "An attempt to fetch a file failed, and another one follows: no answer came in time");
  assertEquals(retry.issue, null);
});

Deno.test("handle-issue does not treat a denied permission as a disk failure", () => {
  const denied = new Deno.errors.NotCapable(
    'Requires net access to "evil.test:443", run again with the --allow-net flag',
  );
  assertEquals(renderError(denied).trimEnd().split("\n").map(named), ["error", "hint"]);
  assertEquals(named(renderError(denied, { json: true }).trim()), "error.auth");
  const refused = Object.assign(new Error("Permission denied (os error 13)"), { code: "EACCES" });
  assertEquals(renderError(refused).trimEnd().split("\n").map(named), ["disk", "hint"]);
});

/** Lines of this program that are classified by their words, including the words of earlier versions. */
const OWN: readonly (readonly [line: string, kind: string])[] = [
  ["Stopped immediately. Run again with: civitai-dl download", "left"],
  ["Stopped at once. Run again with: civitai-dl download", "left"],
  ['warning: Cannot fetch "a" (3 GiB to come): the disk has no room: 1 GiB are free', "disk"],
  ['error: Cannot fetch "a": the file system reported an error (Is a directory)', "disk"],
  ['error: Cannot fetch "a": the file system refused (Is a directory)', "disk"],
  ['caused by: Cannot keep "a": it is an HTML or XML page, not a file: an error or login page', "unusable"],
  ['caused by: Cannot keep "a": it is a page of HTML or XML, not a file: an error or a login', "unusable"],
  ["error: Cannot list models: the server responded with 416", "rejected"],
  ["error: Cannot list models: the server answers 416", "rejected"],
  ["error: Cannot list models: the server responded with 200, but the body is not valid JSON", "unusable"],
  ["error: Cannot list models: the server answers 200, but not with JSON", "unusable"],
  ["error: Cannot list models: the server answers 200 with something else than JSON", "unusable"],
  ["error: Cannot list models: the server responded with a login page", "login"],
  ["error: Cannot list models: the server answers with a login page", "login"],
  ["retry 2 of models/a.bin: timeout", "timeout"],
  ['warning: skipped, model #2 ("Model 2"): "id" is "2b"', "unreadable"],
  ["user:a: the API counts 5 models, we have 3", "listed"],
  ["user:a: the API does not count the models, its listing has 3", "listed"],
  ["Nothing is fetched, and nothing of the plan is kept", "left"],
];

for (const [line, kind] of OWN) {
  Deno.test(`handle-issue classifies "${line}" as ${kind}`, () => assertEquals(named(line), kind));
}

Deno.test("handle-issue reads lines of a service journal", () => {
  const line = "Jan 02 03:04:05 nas civitai-dl[812]: failsafe: turbo → parallel: 36 of 139 calls failed";
  assertEquals(named(line), "mode.down");
  assertEquals(handleIssue(line).message, "36 of 139 calls failed");
});

Deno.test("handle-issue shows no key and no escape sequence from a line", () => {
  const { message } = handleIssue("warning: \x1b[31msee https://civitai.com/a?token=s3cr3t\x07");
  assertEquals(message, "see https://civitai.com/a?token=[redacted]");
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
    const argv = [...flags, "--log-line", "ERROR login: the key is wrong"];
    await execute(scriptProgram(command), argv, { io, env: () => undefined, nameCommands });
    return io.out;
  };
  assertStringIncludes(await printed("--open"), "civitai-dl debug-info");
  assertStringIncludes(await printed(), "deno task ");
});

Deno.test("handle-issue --open classifies a line like handle-issue", async () => {
  for (const { line } of await listSaid()) {
    const [plain, open] = await Promise.all(
      [[], ["--open"]].map((flags) => callCommand(command, [...flags, "--json", "--log-line", line], {})),
    );
    const { failure, recognized, line: kind } = JSON.parse(plain!.out);
    const shown = JSON.parse(open!.out);
    assertEquals([shown.recognized, shown.failure, shown.line], [recognized, failure, kind], line);
  }
});

Deno.test("handle-issue takes linear time for any line", async () => {
  const pieces = [
    "retry 1 of a",
    ": a",
    "failsafe: ",
    " is ",
    " → ",
    "status ",
    "HTTP 403",
    "Jan 02 03:04:05 a b: ",
    "failed: ",
  ];
  for (const piece of pieces) await assertLinearTime((text) => handleIssue(text), piece, { name: "handleIssue()" });
});

Deno.test("handle-issue recognizes every line of the operator commands", async () => {
  const said = await listSaid();
  assert(said.length > 40, `${said.length} lines were found`);
  for (const { line, place } of said) assert(handleIssue(line).recognized, `${place}: ${line}`);
});

Deno.test("the runbook explains every kind of line", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/runbook/lines.md", import.meta.url));
  const flat = text.replaceAll(/\s+/g, " ");
  for (const [kind, { meaning }] of Object.entries(LINE_MEANINGS)) {
    assert(flat.includes(`| \`${kind}\` | ${meaning} |`), kind);
  }
});
