import type { FailureRemedy } from "./failure_remedies.ts";

/**
 * Meanings of the lines that this program writes, except those about a class of failure. The keys are the types of
 * events in `logs/download.log`, with the state after a dot, and the kinds of lines that commands write to standard
 * error. `docs/runbook/lines.md` has the same table.
 */
export const LINE_MEANINGS = {
  target: { meaning: "A run begins to list what was asked for", remedy: "Nothing" },
  expect: {
    meaning: "How many requests a listing takes, and how long they take at the current request rate",
    remedy: "Nothing",
  },
  page: { meaning: "A page of a listing was received", remedy: "Nothing" },
  listed: {
    meaning: "A listing was read to its end; the line shows the count of the service and the count received",
    remedy: "Nothing, unless it says that models are missing: then run again later",
  },
  plan: { meaning: "The plan of a run is ready, with its number of files and bytes", remedy: "Nothing" },
  planned: { meaning: "An item of the plan, by name", remedy: "Nothing" },
  start: { meaning: "The transfer of a file begins", remedy: "Nothing" },
  bytes: { meaning: "Bytes of a file were received", remedy: "Nothing" },
  connections: { meaning: "A file is fetched over more or fewer connections than before", remedy: "Nothing" },
  limit: {
    meaning: "The number of connections to a host is adapted to what the host can handle",
    remedy: "Nothing; --max-connections sets its upper end",
  },
  wait: {
    meaning: "No requests are sent to a host for a while, because too many of them failed",
    remedy: "Nothing: it is retried automatically",
  },
  pass: { meaning: "Files that failed, or had no room on the disk, are tried once more", remedy: "Nothing" },
  replan: {
    meaning: "Targets that could not be listed were tried again at the end of the run",
    remedy: "Nothing, unless some failed again: then run again later",
  },
  summary: { meaning: "A run ended; the line sums up the outcomes of all files", remedy: "Nothing" },
  "run-end": {
    meaning: "A run ended; the line has its exit code, what is done and left, and why it ended",
    remedy: "Nothing if the exit code is 0; otherwise do what its hint says, then run the same command again",
  },
  done: { meaning: "A file was fetched completely and has its final name", remedy: "Nothing" },
  retry: {
    meaning: "An attempt to fetch a file failed, and another one follows",
    remedy: "Nothing: it continues automatically",
  },
  "api-retry": {
    meaning: "A request to the API failed, and is repeated after a delay",
    remedy: "Nothing: it continues automatically",
  },
  restart: {
    meaning: "The file changed at its source, or a part of it cannot be used: it is fetched from its beginning",
    remedy: "Nothing, unless it keeps happening to the same file: then report it with the line",
  },
  unreadable: {
    meaning: "An entry of an answer cannot be parsed, and is skipped",
    remedy: "Check it on the site; report it with the line if it is correct there",
  },
  "mode.paused": {
    meaning: "The failsafe paused all downloads: a host or the disk they need has failed for minutes",
    remedy: "Check the network, the service and the disk; civitai-dl failsafe shows what it waits for, and " +
      "civitai-dl failsafe reset ends the pause at once",
  },
  "mode.down": {
    meaning: "Too many requests failed, so the failsafe switched the engine to a more careful mode",
    remedy: "Nothing: it speeds up again automatically; civitai-dl failsafe shows why, and what would change it",
  },
  "mode.up": { meaning: "The service has recovered, and the engine works faster again", remedy: "Nothing" },
  rollout: {
    meaning: "The rollout of an engine went on, or it was paused, aborted or completed",
    remedy: "Nothing, unless it was aborted: civitai-dl rollout status shows why, and what it waits for",
  },
  "breaker.open": {
    meaning: "Too many requests to this host failed, so no requests are sent to it for a while",
    remedy: "Wait: it is retried automatically; civitai-dl failsafe shows when",
  },
  "breaker.half-open": {
    meaning: "The wait is over, and a few requests probe the host",
    remedy: "Nothing",
  },
  "breaker.closed": { meaning: "The host has recovered, and receives all requests again", remedy: "Nothing" },
  warning: {
    meaning: "Something is wrong, but the work continues",
    remedy: "Read the line: it says what is skipped or done differently",
  },
  note: { meaning: "Additional information", remedy: "Nothing" },
  error: {
    meaning: "A command ended before its work was done: the line says what was attempted and what happened",
    remedy: "Do what the line after it says (hint:); with --verbose it also names the causes",
  },
  "error.failed": {
    meaning: "At least one requested operation failed (exit code 1)",
    remedy: "Do what its hint says, then run the same command again",
  },
  "error.usage": {
    meaning: "The command line or a file of settings is wrong (exit code 2)",
    remedy: "Correct what the message names; --help shows what is allowed",
  },
  "error.inconclusive": {
    meaning: "--max-time has passed, or there is not enough evidence to decide (exit code 3)",
    remedy: "Run the same command again to resume; for a verdict, make the run longer or take more samples",
  },
  "error.unsafe": {
    meaning: "A safety check stopped the command before it could do harm (exit code 4)",
    remedy: "Fix what the message names: the disk, a lock, a folder's owner, or a modified state file",
  },
  "error.auth": {
    meaning: "A login or a permission is missing (exit code 5)",
    remedy: "Check the API key, and the permissions of the folder and of the task",
  },
  "error.network": {
    meaning: "The network or the service is not available (exit code 6)",
    remedy: "Check the network, then run the same command again to resume",
  },
  "error.integrity": {
    meaning: "Bytes do not match their hash (exit code 7)",
    remedy: "Run the same download again; in the library, civitai-dl verify --deep says which files, and civitai-dl " +
      "repair fetches them again",
  },
  "error.interrupted": {
    meaning: "The command was stopped (exit code 130 by Ctrl-C, 129 or 143 by another signal)",
    remedy: "Run the same command again to resume",
  },
  "error.unexpected": {
    meaning: "A bug in the program",
    remedy: "Run again with --verbose, and report it with the details",
  },
  hint: { meaning: "What to do about the error in the line above", remedy: "Do what it says" },
  cause: { meaning: "A cause of the error in the lines above", remedy: "Read the error above it first" },
  damage: {
    meaning: "A file of the library is missing, or differs from what was fetched",
    remedy: "civitai-dl repair fetches only what is damaged or missing",
  },
  unplanned: {
    meaning: "A target could not be listed, in whole or in part",
    remedy: "Check its name on the site; run again later if the service had problems",
  },
  left: {
    meaning: "A run ended before its work was done",
    remedy: "Run the command in the line: it resumes from there",
  },
  waiting: {
    meaning: "Another run works on the same library, and this one waits for it",
    remedy: "Nothing, or stop the run with the number in the line",
  },
  progress: { meaning: "Progress of a run", remedy: "Nothing" },
  report: { meaning: "A part of the result of a run", remedy: "Nothing" },
  alert: {
    meaning: "An alert changed its state",
    remedy:
      "civitai-dl alerts explain RULE shows what the rule evaluates; the rule's summary names its section of the runbook",
  },
  notification: {
    meaning: "A notification to the receivers of alerts",
    remedy: "Do what the runbook says about the alert",
  },
  monitor: { meaning: "The monitor has started", remedy: "Nothing" },
} as const satisfies Readonly<Record<string, FailureRemedy>>;

/** The kind of a line that this program writes: a key of {@linkcode LINE_MEANINGS}. */
export type LineKind = keyof typeof LINE_MEANINGS;
