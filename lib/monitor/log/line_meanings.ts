import type { FailureRemedy } from "./failure_remedies.ts";

/**
 * Meanings of the lines that this program writes, except those about a class of failure. The keys are the types of
 * events in `logs/download.log`, with the state after a dot, and the kinds of lines that commands write to standard
 * error. `docs/runbook.md` has the same table.
 */
export const LINE_MEANINGS = {
  target: { meaning: "A run begins to list what was asked for", remedy: "Nothing" },
  expect: {
    meaning: "How many requests a listing takes, and how long they take at the pace that is kept",
    remedy: "Nothing",
  },
  page: { meaning: "A page of a listing came", remedy: "Nothing" },
  listed: {
    meaning: "A listing was read to its end; it says what the service counts and what was seen",
    remedy: "Nothing, unless it says that models are missing: then run again later",
  },
  plan: { meaning: "The plan of a run is made: so many files, so many bytes", remedy: "Nothing" },
  start: { meaning: "The transfer of a file begins", remedy: "Nothing" },
  bytes: { meaning: "Bytes of a file came", remedy: "Nothing" },
  connections: { meaning: "A file is fetched over more or fewer connections than before", remedy: "Nothing" },
  limit: {
    meaning: "The number of connections to a host follows what the host can bear",
    remedy: "Nothing; --max-connections sets its upper end",
  },
  wait: {
    meaning: "Nothing is asked of a host for a while, because too much of what was asked of it failed",
    remedy: "Nothing: it is tried again by itself",
  },
  pass: { meaning: "The files that failed are tried once more, from the first one on", remedy: "Nothing" },
  summary: { meaning: "A run ended; it says how everything that was asked for ended", remedy: "Nothing" },
  done: { meaning: "A file came whole and is in its place", remedy: "Nothing" },
  retry: { meaning: "A try to fetch a file failed, and another one follows", remedy: "Nothing: it goes on by itself" },
  "api-retry": {
    meaning: "A question to the service failed, and is asked again after a wait",
    remedy: "Nothing: it goes on by itself",
  },
  restart: {
    meaning: "The file changed at its source, or a part of it cannot be used: it is fetched from its beginning",
    remedy: "Nothing, unless the same file does it again and again: then report it with the line",
  },
  unreadable: {
    meaning: "An entry of an answer cannot be read, and is left out",
    remedy: "Look at it on the site; report it with the line if it is right there",
  },
  "mode.paused": {
    meaning: "The failsafe paused all downloads: what is needed has been gone for minutes",
    remedy: "Look at the network, the service and the disk; civitai-dl failsafe says what it waits for, and " +
      "civitai-dl failsafe reset ends the pause at once",
  },
  "mode.down": {
    meaning: "Too much failed, so the failsafe lets the engine work more carefully",
    remedy: "Nothing: it climbs back by itself; civitai-dl failsafe says why, and what would change it",
  },
  "mode.up": { meaning: "The service is well again, and the engine works faster again", remedy: "Nothing" },
  "breaker.open": {
    meaning: "Too many requests to this host failed, so it is left alone for a while",
    remedy: "Wait: it is tried again by itself; civitai-dl failsafe says when",
  },
  "breaker.half-open": {
    meaning: "The wait is over, and a few requests try whether the host is well",
    remedy: "Nothing",
  },
  "breaker.closed": { meaning: "The host is well again, and gets all requests", remedy: "Nothing" },
  warning: {
    meaning: "Something is not as it should be, and the work goes on",
    remedy: "Read the line: it says what is left out or done in another way",
  },
  note: { meaning: "Something that is good to know", remedy: "Nothing" },
  error: {
    meaning: "A command ended before its work was done: the line says what was attempted and what happened",
    remedy: "Do what the line after it says (hint:); with --verbose it also names the causes",
  },
  "error.failed": {
    meaning: "Something that was asked for failed (exit code 1)",
    remedy: "Do what its hint says, then run the same command again",
  },
  "error.usage": {
    meaning: "The command line or a file of settings is wrong (exit code 2)",
    remedy: "Correct what the message names; --help shows what is allowed",
  },
  "error.inconclusive": {
    meaning: "There is not enough evidence to decide (exit code 3)",
    remedy: "Gather more: a longer run, or more samples",
  },
  "error.unsafe": {
    meaning: "A safety check stopped the command before it could do harm (exit code 4)",
    remedy: "Mend what the message names: the disk, a lock, a folder's owner, or a state that somebody changed",
  },
  "error.auth": {
    meaning: "A login or a permission is missing (exit code 5)",
    remedy: "Check the API key, and the permissions of the folder and of the task",
  },
  "error.network": {
    meaning: "The network or the service is not available (exit code 6)",
    remedy: "Look at the network, then run again to go on where it was",
  },
  "error.integrity": {
    meaning: "Bytes are not the ones that were promised (exit code 7)",
    remedy: "civitai-dl verify says which files; civitai-dl repair fetches them again",
  },
  "error.interrupted": {
    meaning: "Somebody stopped the command (exit code 130 or 143)",
    remedy: "Run again to go on where it was",
  },
  "error.unexpected": {
    meaning: "A mistake of the program",
    remedy: "Run again with --verbose, and report it with the details",
  },
  hint: { meaning: "What to do about the error in the line above", remedy: "Do what it says" },
  cause: { meaning: "What lies below the error in the lines above", remedy: "Read the error above it first" },
  damage: {
    meaning: "A file of the library is missing, or is not as it was fetched",
    remedy: "civitai-dl repair fetches only what is damaged or missing",
  },
  unplanned: {
    meaning: "A target could not be listed, in whole or in part",
    remedy: "Check its name on the site; run again later if the service was not well",
  },
  left: {
    meaning: "A run ended before its work was done",
    remedy: "Run the command in the line: it goes on from there",
  },
  waiting: {
    meaning: "Another run works on the same library, and this one waits for it",
    remedy: "Nothing, or stop the run with the number in the line",
  },
  progress: { meaning: "How far a run is", remedy: "Nothing" },
  report: { meaning: "A part of the result of a run", remedy: "Nothing" },
  alert: {
    meaning: "An alert changed its state",
    remedy:
      "civitai-dl alerts explain RULE says what the rule sees; the rule's summary names its section of the runbook",
  },
  notification: {
    meaning: "What the receivers of alerts are told",
    remedy: "Do what the runbook says about the alert",
  },
  monitor: { meaning: "The monitor began to watch", remedy: "Nothing" },
} as const satisfies Readonly<Record<string, FailureRemedy>>;

/** The kind of a line that this program writes: a key of {@linkcode LINE_MEANINGS}. */
export type LineKind = keyof typeof LINE_MEANINGS;
