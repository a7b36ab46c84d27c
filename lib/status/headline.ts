import { isLower } from "./modes.ts";
import type { ReserveReached, StatusAlert, StatusDocument, StatusLastRun } from "./status_document.ts";

/** How urgent a finding is. */
export type StatusTone = "bad" | "warn" | "busy" | "good" | "idle";

/** What is said of a finding, by its kind; `until` and `next` are milliseconds since the epoch. */
interface Facts {
  libraryGone: { path: string; time: string };
  damaged: { message: string };
  paused: {
    reason: string;
    ja: { readonly reason: string };
    until: number | null;
    isRunning: boolean;
    again: string | null;
  };
  diskFull: { freeBytes: number | null };
  diskFails: { freeBytes: number | null };
  reserve: ReserveReached & { freeBytes: number | null; reserveBytes: number | null };
  runFailed: StatusLastRun & { isLast: boolean; isOver: boolean };
  outage: Outage;
  leftOpen: Outage;
  probing: { hosts: readonly string[] };
  noProgress: NonNullable<StatusDocument["silence"]>;
  slow: {
    host: string;
    of: "answer" | "bytes";
    ratio: number;
    current: number;
    usual: number;
    since: string | null;
    more: number;
  };
  alert: Pick<StatusAlert, "rule" | "summary" | "ja" | "remedy">;
  diskFilling: { seconds: number };
  held: { mode: string; until: number | null };
  rising: { mode: string; next: number | null; isRunning: boolean };
  lowered: { mode: string; reason: string; ja: { readonly reason: string }; isRunning: boolean };
  waiting: { files: number; reason: string; ja: { readonly reason: string | null }; until: number | null };
  failed: { files: number; class: string; remedy: string; isRunning: boolean };
  failedEarlier: { files: number; class: string };
  refused: { files: number; class: string; remedy: string; isAskedAgain: boolean };
  undelivered: { count: number; address: string };
  starting: { command: string; startedAt: string };
  noLibrary: { path: string };
  idle: { left: number; again: string | null };
  listing: { target: string | null; models: number };
  fetching: { files: number };
  silent: { files: number };
  running: { files: number };
}

interface Outage {
  readonly hosts: readonly string[];
  readonly fault: string | null;
  readonly ja: { readonly fault: string | null };
  readonly until: number | null;
}

/** What a finding is about. */
export type FindingKind = keyof Facts;

/** A finding of one kind. One that is about the last run (`isPast`) comes after what the run under way does. */
export type FindingOf<Kind extends FindingKind> =
  & { readonly kind: Kind; readonly tone: StatusTone; readonly isPast?: boolean }
  & Readonly<Facts[Kind]>;

/** A problem, or what the downloader is doing. */
export type Finding = { [Kind in FindingKind]: FindingOf<Kind> }[FindingKind];

/** The default reserve of a download, in bytes: with less free space, nothing more is fetched. */
const FULL_BYTES = 2 ** 30;
const FULL_PERCENT = 99;
/** As the shipped rule about the disk. */
const HIGH_PERCENT = 90;
/** As the rule DiskFilling: time enough to free some space. */
const FILLING_SECONDS = 7200;
/** A silence of this length is shown here and by `doctor`, in milliseconds; a shorter one is usual. */
export const SILENT_MS = 20_000;
/** Alerts that say how the last run ended. */
const OF_LAST_RUN = new Set(["RunFailed", "KeyRejected"]);
/** Failures in which the site refuses a file for good, or for some time. */
const REFUSALS = new Set(["region", "forbidden", "early-access", "flagged"]);
/** Those that a plan requests again by itself, after a week. */
const ASKED_AGAIN = new Set(["region", "forbidden"]);
const TONES: readonly StatusTone[] = ["bad", "warn", "busy", "good", "idle"];

/**
 * The findings for the headline: all problems, the worst first, and at the end what the downloader is doing.
 */
export function findingsOf(status: StatusDocument, now: number): Finding[] {
  const found: (Finding | null)[] = [
    goneOf(status),
    damageOf(status),
    pauseOf(status, now),
    diskOf(status),
    reserveOf(status),
    runFailedOf(status, now),
    ...outagesOf(status, now),
    noProgressOf(status),
    slowOf(status),
    ...alertsOf(status),
    fillingOf(status),
    heldOf(status, now),
    loweredOf(status, now),
    waitOf(status, now),
    failuresOf(status),
    refusedOf(status),
    undeliveredOf(status),
    workOf(status),
  ];
  const rank = ({ tone, isPast = false }: Finding): number => isPast ? TONES.length : TONES.indexOf(tone);
  return found.filter((finding) => finding !== null).sort((a, b) => rank(a) - rank(b));
}

/** A future time in milliseconds since the epoch; `null` if it has passed. */
export function ahead(iso: string | null, now: number): number | null {
  return iso !== null && Date.parse(iso) > now ? Date.parse(iso) : null;
}

function goneOf({ gone, source }: StatusDocument): Finding | null {
  return gone === null ? null : { kind: "libraryGone", tone: "bad", path: source.library, time: gone.lastSeen };
}

function damageOf({ damage }: StatusDocument): Finding | null {
  return damage === null ? null : { kind: "damaged", tone: "bad", message: damage.message };
}

/** Whether a run is under way, even if its process has not reported anything yet. */
function isUnderWay({ processes, currentRun }: StatusDocument): boolean {
  return processes > 0 || currentRun !== null;
}

function pauseOf({ mode, processes, failedRun }: StatusDocument, now: number): Finding | null {
  if (mode.name !== "paused" || mode.hold !== null) return null;
  return {
    kind: "paused",
    tone: "bad",
    reason: mode.reason,
    ja: mode.ja,
    until: ahead(mode.nextCheck, now),
    isRunning: processes > 0,
    again: failedRun?.again ?? null,
  };
}

function diskOf({ disk, breakers, reserve }: StatusDocument): Finding | null {
  const isBroken = breakers.some(({ key, state }) => key === "disk" && state !== "closed");
  // Unknown, it is `null`; some file systems report no size at all.
  const { usedPercent, freeBytes, reserveBytes } = disk;
  const isFull = usedPercent !== null && usedPercent > 0 &&
    (usedPercent >= FULL_PERCENT || (freeBytes ?? 0) < (reserveBytes ?? FULL_BYTES));
  // At the reserve, there is more to say.
  if (!isBroken && (!isFull || reserve !== null)) return null;
  return { kind: isFull ? "diskFull" : "diskFails", tone: "bad", freeBytes };
}

/** What the disk has no room for. Without files that wait for it, the next download has to be warned of. */
function reserveOf({ reserve, disk }: StatusDocument): Finding | null {
  if (reserve === null) return null;
  const { freeBytes, reserveBytes } = disk;
  return { kind: "reserve", tone: "bad", ...reserve, freeBytes, reserveBytes };
}

/** The last run that failed, while none is under way. */
function runFailedOf(status: StatusDocument, now: number): Finding | null {
  const { failedRun, lastRun, reserve } = status;
  if (failedRun === null || isUnderWay(status)) return null;
  // Only single files failed, which the finding about them explains better.
  const isOfFiles = failedRun.exitCode === 1 && (failedRun.failed ?? 0) > 0 && failedRun.cause !== "creator-fails";
  if (isOfFiles && failuresOf(status) !== null) return null;
  // The reserve is the reason, and has been named.
  if (reserve !== null && failedRun.cause === "reserve-reached") return null;
  // The pause that ended it goes on, and has been named.
  if (failedRun.cause === "paused" && pauseOf(status, now) !== null) return null;
  // The disk has room again.
  const isOver = failedRun.cause === "reserve-reached";
  return { kind: "runFailed", tone: "bad", isLast: failedRun.startedAt === lastRun?.startedAt, isOver, ...failedRun };
}

function fillingOf({ disk, reserve }: StatusDocument): Finding | null {
  const { fullInSeconds } = disk;
  if (reserve !== null || fullInSeconds === null || fullInSeconds > FILLING_SECONDS) return null;
  return { kind: "diskFilling", tone: "warn", seconds: fullInSeconds };
}

/**
 * Hosts whose breaker is open or half-open. If no downloader is running, no process probes them, and their state
 * remains from the last run.
 */
function outagesOf({ breakers, processes }: StatusDocument, now: number): Finding[] {
  const hosts = breakers.filter(({ key }) => key !== "disk");
  const named = (wanted: string) => hosts.filter(({ state }) => state === wanted);
  const open = named("open");
  const probed = named("half-open");
  const untils = open.map(({ until }) => ahead(until, now)).filter((until) => until !== null);
  const found: Finding[] = [];
  if (open.length > 0) {
    const only = open.length === 1 ? open[0] : undefined;
    const outage: Outage = {
      hosts: open.map(({ key }) => key),
      fault: only?.fault ?? null,
      ja: { fault: only?.ja.fault ?? null },
      until: untils.length === 0 ? null : Math.min(...untils),
    };
    found.push(
      processes > 0 ? { kind: "outage", tone: "bad", ...outage } : { kind: "leftOpen", tone: "warn", ...outage },
    );
  }
  if (probed.length > 0) found.push({ kind: "probing", tone: "warn", hosts: probed.map(({ key }) => key) });
  return found;
}

/** The slowest host that is slow now; one whose breaker blocks calls has another problem. */
function slowOf({ hosts, breakers }: StatusDocument): Finding | null {
  const isBlocked = (host: string) => breakers.some(({ key, state }) => key === host && state !== "closed");
  const slow = hosts.flatMap(({ host, slowSince, speed }) =>
    slowSince === null || speed === null || isBlocked(host) ? [] : [{ host, slowSince, speed }]
  );
  if (slow.length === 0) return null;
  const worst = slow.reduce((most, next) => next.speed.ratio < most.speed.ratio ? next : most);
  const { host, speed: { kind, ratio, current, usual }, slowSince } = worst;
  return { kind: "slow", tone: "warn", host, of: kind, ratio, current, usual, since: slowSince, more: slow.length - 1 };
}

/** Whether what an alert is about is over, although it goes on for a while in case it comes back. */
function isOver(rule: string, status: StatusDocument): boolean {
  if (rule === "HighDiskUsage") return status.disk.usedPercent !== null && status.disk.usedPercent < HIGH_PERCENT;
  return isUnderWay(status) ? OF_LAST_RUN.has(rule) : rule === "HighMemoryUsage";
}

/** Whether an alert belongs into the headline: of what nothing else there says, also before it fires. */
function isNamed({ state, rule }: StatusAlert, status: StatusDocument): boolean {
  return state === "firing" || (state === "pending" && rule === "HighMemoryUsage" && isUnderWay(status));
}

function alertsOf(status: StatusDocument): Finding[] {
  return status.alerts.filter((alert) => isNamed(alert, status)).map(({ rule, severity, summary, ja, remedy }) => ({
    kind: "alert",
    tone: severity === "critical" ? "bad" : "warn",
    rule,
    summary: summary === "" ? rule : summary,
    ja,
    remedy,
    isPast: isOver(rule, status),
  }));
}

/** A silence of a downloader: files wait for bytes, and none arrives. */
function noProgressOf({ silence }: StatusDocument): Finding | null {
  if (silence === null || silence.ms < SILENT_MS) return null;
  return { kind: "noProgress", tone: "bad", ...silence };
}

/** A mode that a person holds and that is slower than allowed. */
function heldOf({ mode }: StatusDocument, now: number): Finding | null {
  if (mode.hold === null || !isLower(mode.name, mode.ceiling)) return null;
  return {
    kind: "held",
    tone: mode.name === "paused" ? "bad" : "warn",
    mode: mode.name,
    until: ahead(mode.hold.until, now),
  };
}

/** A mode that is slower than allowed: because of trouble, or on its way back after it. */
function loweredOf({ mode, processes, failedRun }: StatusDocument, now: number): Finding | null {
  const { name, ceiling, hold, isRising, reason, ja } = mode;
  if (name === "paused" || hold !== null || !isLower(name, ceiling)) return null;
  const isRunning = processes > 0;
  // A short run may succeed before the mode has climbed all the way back.
  if (!isRunning && failedRun === null) return null;
  if (isRising) return { kind: "rising", tone: "busy", mode: name, next: ahead(mode.nextCheck, now), isRunning };
  return { kind: "lowered", tone: "warn", mode: name, reason, ja, isRunning };
}

function waitOf({ downloads, throughput, breakers }: StatusDocument, now: number): Finding | null {
  const waits = downloads.flatMap(({ waiting }) => waiting ?? []);
  const isReported = breakers.some(({ state }) => state === "open");
  const [first] = waits;
  if (first === undefined || waits.length < downloads.length || isReported || throughput.bytesPerSecond > 0) {
    return null;
  }
  const untils = waits.map(({ until }) => ahead(until, now)).filter((until) => until !== null);
  return {
    kind: "waiting",
    tone: "warn",
    files: waits.length,
    reason: first.reason,
    ja: first.ja,
    until: untils.length === 0 ? null : Math.min(...untils),
  };
}

/**
 * Files that failed and may still be fetched; of causes that are over, only how many are still missing after a run. While
 * one is under way, its counts name them, and it tries them again.
 */
function failuresOf(status: StatusDocument): Finding | null {
  const { failureGroups, processes, failedRun } = status;
  const open = failureGroups.filter(({ isFinal, class: name }) => !isFinal && !REFUSALS.has(name));
  const current = open.filter(({ isOver }) => !isOver);
  const shown = current.length > 0 ? current : open;
  const files = shown.reduce((sum, group) => sum + group.files, 0);
  if (files === 0) return null;
  const worst = shown.reduce((most, group) => group.files > most.files ? group : most);
  const isRunning = processes > 0;
  if (current.length === 0) {
    return isRunning ? null : { kind: "failedEarlier", tone: "warn", files, class: worst.class };
  }
  // After a run, nobody goes on with them.
  const tone = failedRun === null || isUnderWay(status) ? "warn" : "bad";
  return { kind: "failed", tone, files, class: worst.class, remedy: worst.remedy, isRunning };
}

/** Files that the site does not give, which is no failure: there is nothing to mend, and a run that meets them ends well. */
function refusedOf({ failureGroups }: StatusDocument): Finding | null {
  const groups = failureGroups.filter(({ class: name }) => REFUSALS.has(name));
  const files = groups.reduce((sum, group) => sum + group.files, 0);
  if (files === 0) return null;
  const { class: name, remedy } = groups.reduce((most, group) => group.files > most.files ? group : most);
  return { kind: "refused", tone: "idle", files, class: name, remedy, isAskedAgain: ASKED_AGAIN.has(name) };
}

/** Notifications that somebody waits for in vain. */
function undeliveredOf({ undelivered: [first, ...rest] }: StatusDocument): Finding | null {
  if (first === undefined) return null;
  return { kind: "undelivered", tone: "warn", count: rest.length + 1, address: first.address };
}

function workOf(status: StatusDocument): Finding {
  const { processes, currentRun, run, downloads, throughput, library, source, gone, damage, lastRun } = status;
  if (processes === 0) {
    if (currentRun !== null) return { kind: "starting", tone: "busy", ...currentRun };
    // The totals of a library that is being made are read later than its runs.
    return library === null && gone === null && damage === null && lastRun === null
      ? { kind: "noLibrary", tone: "warn", path: source.library }
      : { kind: "idle", tone: "idle", left: lastRun?.left ?? 0, again: lastRun?.again ?? null };
  }
  if (run !== null && (run.activity === "listing" || run.target !== null)) {
    return { kind: "listing", tone: "busy", target: run.target, models: run.listedModels };
  }
  if (throughput.bytesPerSecond > 0) return { kind: "fetching", tone: "good", files: downloads.length };
  return { kind: downloads.length > 0 ? "silent" : "running", tone: "busy", files: downloads.length };
}

/** Whether there is no problem at all, so that the page may say so. */
export function isAllWell(findings: readonly Finding[]): boolean {
  return findings.every(({ tone }) => tone === "good" || tone === "idle");
}
