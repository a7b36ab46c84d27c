// Written by `deno task docs` from lib/monitor/page/; do not edit.
// deno-fmt-ignore-file

/** The files of the live page by their names. */
export const PAGE_FILES: Readonly<Record<string, string>> = {
  "choices.js": `import { byId } from "./dom.js";

function saveChoice(name, value) {
  try {
    localStorage.setItem(\`civitai-dl.monitor.\${name}\`, value);
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
}

/** Set up the choices of language and theme. \`early.js\` has already applied the saved ones. */
export function openChoices(onLanguage) {
  const root = document.documentElement;
  choose("languages", root.lang, (language) => {
    root.lang = language;
    saveChoice("language", language);
    onLanguage(language);
  });
  choose("themes", root.dataset.theme ?? "auto", (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    saveChoice("theme", theme);
  });
}

function choose(id, current, onChoice) {
  for (const input of byId(id).querySelectorAll("input")) {
    input.checked = input.value === current;
    input.addEventListener("change", () => onChoice(input.value));
  }
}
`,
  "dom.js": `/** Set the text of a node unless it is unchanged, because every change disturbs screen readers and selections. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set an attribute, or remove it with \`null\`. */
export function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Create an element. Text from outside is inserted as text, never as markup. */
export function make(tag, className = "", children = []) {
  const node = document.createElement(tag);
  if (className !== "") node.className = className;
  node.append(...children);
  return node;
}

/** The element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Synchronize the children of a list with the items. A row keeps its element as long as its item exists, so that focus,
 * selection and transitions survive an update.
 */
export function syncList(list, items, { keyOf, create, update }) {
  const rows = new Map(Array.from(list.children, (row) => [row.dataset.key, row]));
  const counts = new Map();
  let previous = null;
  for (const item of items) {
    const name = keyOf(item);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const key = \`\${count}:\${name}\`;
    const row = rows.get(key) ?? create(item);
    rows.delete(key);
    row.dataset.key = key;
    const place = previous === null ? list.firstElementChild : previous.nextElementSibling;
    if (row !== place) list.insertBefore(row, place);
    update(row, item);
    previous = row;
  }
  for (const row of rows.values()) row.remove();
}

/** The elements of a row that were created by \`part\`, by name. */
export function parts(row) {
  const found = {};
  for (const node of row.querySelectorAll("[data-part]")) found[node.dataset.part] = node;
  return found;
}

/** Create an element that \`parts\` finds. */
export function part(name, tag = "span", className = "") {
  const node = make(tag, className);
  node.dataset.part = name;
  return node;
}
`,
  "early.js": `// Runs before the first paint, so that a chosen theme or language does not flash.
(() => {
  const read = (name) => {
    try {
      return globalThis.localStorage.getItem(\`civitai-dl.monitor.\${name}\`);
    } catch {
      // Storage may be blocked; the choice then lasts until the page is closed.
      return null;
    }
  };
  const root = document.documentElement;
  const theme = read("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const language = read("language") ?? (/^ja\\b/i.test(navigator.language) ? "ja" : "en");
  root.lang = language === "ja" ? "ja" : "en";
})();
`,
  "event_tone.js": `import { isLower } from "./rungs.js";

/**
 * The tone of an event: \`bad\`, \`warn\`, \`good\` or \`plain\`. \`isOut\` returns whether the breaker of a host is currently
 * not closed.
 */
export function toneOfEvent(event, isOut) {
  switch (event.type) {
    case "end":
      return event.failed > 0 || event.exitCode !== 0 ? "warn" : "good";
    case "mode":
      if (event.to === "paused") return "bad";
      return isLower(event.to, event.from) ? "warn" : "good";
    case "outage":
      return event.until === null && isOut(event.key) ? "bad" : "plain";
    case "alert":
      if (event.state === "resolved") return "good";
      return event.severity === "critical" ? "bad" : "warn";
    case "warning":
      return "warn";
    default:
      return "plain";
  }
}
`,
  "feed.js": `const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 10_000;

/**
 * Follow the monitor's events. The browser reconnects automatically after a broken connection, but it gives up after a
 * response that is not an event stream, and does not notice a silent connection. Both are handled here.
 */
export class Feed {
  #options;
  #source = null;
  #receivedAt = 0;
  #silenceMs = 60_000;
  #waitMs = FIRST_WAIT_MS;
  #retry = null;
  #state = "connecting";

  /** \`onStatus\` receives each document; \`onLink\` receives \`live\` or \`lost\`, and the time of the change. */
  constructor(options) {
    this.#options = options;
    setInterval(() => this.#watch(), 1000);
    addEventListener("online", () => this.open());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    addEventListener("pagehide", () => this.#close());
  }

  open() {
    this.#close();
    this.#receivedAt = performance.now();
    const source = this.#source = new EventSource("/events");
    source.addEventListener("hello", (event) => {
      this.#silenceMs = JSON.parse(event.data).beatMs * 3;
      this.#onSignal();
    });
    source.addEventListener("beat", () => this.#onSignal());
    source.addEventListener("status", (event) => {
      this.#onSignal();
      this.#options.onStatus(JSON.parse(event.data));
    });
    source.addEventListener("error", () => this.#fail());
  }

  #onSignal() {
    this.#receivedAt = performance.now();
    this.#waitMs = FIRST_WAIT_MS;
    if (this.#state === "live") return;
    this.#state = "live";
    this.#options.onLink("live", new Date());
  }

  #fail() {
    if (this.#state !== "lost") {
      this.#state = "lost";
      this.#options.onLink("lost", new Date());
    }
    if (this.#source?.readyState === EventSource.CONNECTING) return;
    this.#close();
    this.#retry = setTimeout(() => this.open(), this.#waitMs);
    this.#waitMs = Math.min(MAX_WAIT_MS, this.#waitMs * 2);
  }

  #watch() {
    if (this.#source === null || performance.now() - this.#receivedAt < this.#silenceMs) return;
    this.#close();
    this.#fail();
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }
}
`,
  "figures.css": `/* The speed, its curve, and the list of modes. */
.count {
  color: var(--soft);
  font-weight: 450;
}
.figure {
  font-size: 32px;
  font-weight: 650;
  line-height: 1.1;
  letter-spacing: -0.02em;
}
.figure .unit {
  margin-left: 5px;
  color: var(--soft);
  font-size: 16px;
  font-weight: 450;
  letter-spacing: 0;
}
.spark {
  height: 90px;
  border-bottom: 1px solid var(--line);
}
.spark-top,
.spark-axis {
  position: relative;
  height: 18px;
  font-size: 12.5px;
}
.spark-label {
  position: absolute;
  white-space: nowrap;
}
.empty .spark,
.empty .spark-top,
.empty .spark-axis {
  display: none;
}
.empty .figure {
  font-size: 14px;
}
.empty .figure .unit {
  font-size: 13px;
}
.spark svg {
  display: block;
  width: 100%;
  height: 100%;
}
.spark .area {
  fill: var(--fill);
  opacity: 0.16;
}
.spark .curve {
  fill: none;
  stroke: var(--fill);
  stroke-width: 1.75;
  stroke-linejoin: round;
}
.spark .mark {
  stroke: var(--line);
  stroke-dasharray: 3 4;
}
.ladder {
  margin: 0 -6px 10px;
}
.rung {
  display: grid;
  grid-template-columns: 12px 76px minmax(0, 1fr) auto;
  align-items: baseline;
  gap: 0 10px;
  padding: 3px 8px;
  border-radius: 7px;
  color: var(--soft);
}
.rung .pip {
  width: 9px;
  height: 9px;
  border: 1.5px solid var(--soft);
  border-radius: 50%;
}
.rung .name {
  font-weight: 550;
}
.rung .words {
  font-size: 12.5px;
}
.rung[aria-current] {
  background: var(--accent-ground);
  color: var(--text);
}
.rung[aria-current] .badge {
  background: var(--accent);
  color: var(--card);
}
.rung[aria-current] .name {
  font-weight: 700;
}
.rung[aria-current] .pip {
  border-color: var(--accent);
  background: var(--accent);
}
.rung[aria-current][data-name="paused"] {
  background: var(--bad-ground);
  color: var(--bad);
}
.rung[aria-current][data-name="paused"] .badge {
  background: var(--bad);
}
.rung[aria-current][data-name="paused"] .pip {
  border-color: var(--bad-fill);
  background: var(--bad-fill);
}
@media (max-width: 420px) {
  .rung {
    grid-template-columns: 12px minmax(0, 1fr) auto;
  }
  .rung .words {
    grid-column: 2 / -1;
    grid-row: 2;
  }
}
`,
  "fold.js": `import { setText } from "./dom.js";

/** Show a collapsed section only if it contains entries, with their number in its summary. */
export function fold(details, count, words) {
  details.hidden = count <= 0;
  if (count > 0) setText(details.querySelector("summary"), words.more(count));
}
`,
  "format.js": `const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
const STEPS = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

/**
 * Formats numbers, sizes and times by the conventions of a language. Sizes are powers of 1024, as everywhere in the
 * program.
 */
export class Format {
  #language;
  #numbers = new Map();
  #clock;
  #hour;
  #date;

  constructor(language) {
    this.#language = language;
    this.#clock = new Intl.DateTimeFormat(language, {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    this.#hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.#date = new Intl.DateTimeFormat(language, {
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  }

  number(value, digits = 0) {
    return this.#by({ maximumFractionDigits: digits }).format(value);
  }

  /** A percentage as the program writes it: a number, a space and the sign. */
  percent(share) {
    const isNearAnEnd = share > 0 && share < 0.1 || share > 0.99 && share < 1;
    return \`\${this.#by({ maximumFractionDigits: isNearAnEnd ? 1 : 0 }).format(share * 100)} %\`;
  }

  /** Number and unit of a size, separate so that they can be styled differently. */
  size(bytes) {
    let value = Math.max(0, bytes);
    let index = 0;
    while (value >= 1023.95 && index < UNITS.length - 1) {
      value /= 1024;
      index++;
    }
    const digits = index === 0 || value >= 999.5 ? 0 : index > 2 && value < 99.5 ? 2 : 1;
    const number = this.#by({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
    return { number, unit: UNITS[index] };
  }

  bytes(bytes) {
    const { number, unit } = this.size(bytes);
    return \`\${number} \${unit}\`;
  }

  speed(bytesPerSecond) {
    return \`\${this.bytes(bytesPerSecond)}/s\`;
  }

  /** The time of day to the second. */
  clock(iso) {
    const time = new Date(iso);
    return Number.isNaN(time.getTime()) ? "–" : this.#clock.format(time);
  }

  /** The time of day to the minute; with the date if it was another day than \`now\`. */
  time(iso, now) {
    const time = new Date(iso);
    if (Number.isNaN(time.getTime())) return "–";
    const isToday = time.toDateString() === new Date(now).toDateString();
    return (isToday ? this.#hour : this.#date).format(time);
  }

  /** The two largest units, such as \`1h 4m\` or \`1 時間 4 分\`. */
  duration(ms) {
    // The narrow units of Japanese are Latin letters, which are not used in Japanese text.
    const unitDisplay = this.#language === "ja" ? "short" : "narrow";
    let rest = Math.max(0, Math.round(ms / 1000));
    const first = Math.max(0, STEPS.findIndex(([seconds]) => rest >= seconds));
    const parts = [];
    for (const [seconds, unit] of (rest === 0 ? STEPS.slice(-1) : STEPS.slice(first, first + 2))) {
      const whole = Math.floor(rest / seconds);
      rest -= whole * seconds;
      if (whole > 0 || rest === 0 && parts.length === 0) {
        parts.push(this.#by({ style: "unit", unit, unitDisplay }).format(whole));
      }
    }
    return parts.join(" ");
  }

  #by(options) {
    const key = JSON.stringify(options);
    let format = this.#numbers.get(key);
    if (format === undefined) this.#numbers.set(key, format = new Intl.NumberFormat(this.#language, options));
    return format;
  }
}
`,
  "headline.js": `import { isLower } from "./rungs.js";

/** The default reserve of a download, in bytes: with less free space, nothing more is fetched. */
const FULL_BYTES = 2 ** 30;
const FULL_PERCENT = 99;
/** As the rule DiskFilling: time enough to free some space. */
const FILLING_SECONDS = 7200;
/** A silence of this length is shown here and by \`doctor\`, in milliseconds; a shorter one is usual. */
export const SILENT_MS = 20_000;
/** Alerts that say how the last run ended. */
const OF_LAST_RUN = new Set(["RunFailed", "KeyRejected"]);
/** Failures in which the site refuses a file for good, or for some time. */
const REFUSALS = new Set(["region", "forbidden", "early-access", "flagged"]);
/** Those that a plan requests again by itself, after a week. */
const ASKED_AGAIN = new Set(["region", "forbidden"]);
const TONES = ["bad", "warn", "busy", "good", "idle"];

/**
 * The findings for the headline: all problems, the worst first, and at the end what the downloader is doing. Each
 * finding has a \`kind\`, a \`tone\` (\`bad\`, \`warn\`, \`busy\`, \`good\` or \`idle\`) and the values for its text. One that is
 * about the last run (\`isPast\`) comes after what the run under way does.
 */
export function findingsOf(status, now) {
  const found = [
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
  const rank = ({ tone, isPast }) => isPast ? TONES.length : TONES.indexOf(tone);
  return found.filter((finding) => finding !== null).sort((a, b) => rank(a) - rank(b));
}

/** A future time in milliseconds since the epoch; \`null\` if it has passed. */
export function ahead(iso, now) {
  return iso !== null && Date.parse(iso) > now ? Date.parse(iso) : null;
}

function goneOf({ gone, source }) {
  return gone === null ? null : { kind: "libraryGone", tone: "bad", path: source.library, time: gone.lastSeen };
}

function damageOf({ damage }) {
  return damage === null ? null : { kind: "damaged", tone: "bad", message: damage.message };
}

/** Whether a run is under way, even if its process has not reported anything yet. */
function isUnderWay({ processes, currentRun }) {
  return processes > 0 || currentRun !== null;
}

function pauseOf({ mode, processes, failedRun }, now) {
  if (mode.name !== "paused" || mode.hold !== null) return null;
  return {
    kind: "paused",
    tone: "bad",
    reason: mode.reason,
    until: ahead(mode.nextCheck, now),
    isRunning: processes > 0,
    again: failedRun?.again ?? null,
  };
}

function diskOf({ disk, breakers, reserve }) {
  const isBroken = breakers.some(({ key, state }) => key === "disk" && state !== "closed");
  // Unknown, it is \`null\`; some file systems report no size at all.
  const isFull = disk.usedPercent > 0 &&
    (disk.usedPercent >= FULL_PERCENT || disk.freeBytes < (disk.reserveBytes ?? FULL_BYTES));
  // At the reserve, there is more to say.
  if (!isBroken && (!isFull || reserve !== null)) return null;
  return { kind: isFull ? "diskFull" : "diskFails", tone: "bad", freeBytes: disk.freeBytes };
}

/** What the disk has no room for. Without files that wait for it, the next download has to be warned of. */
function reserveOf({ reserve, disk }) {
  if (reserve === null) return null;
  const { freeBytes, reserveBytes } = disk;
  return { kind: "reserve", tone: "bad", ...reserve, freeBytes, reserveBytes };
}

/** The last run that failed, while none is under way. */
function runFailedOf(status, now) {
  const { failedRun, lastRun, reserve } = status;
  if (failedRun === null || isUnderWay(status)) return null;
  // Only single files failed, which the finding about them explains better.
  const isOfFiles = failedRun.exitCode === 1 && failedRun.failed > 0 && failedRun.cause !== "creator-fails";
  if (isOfFiles && failuresOf(status) !== null) return null;
  // The reserve is the reason, and has been named.
  if (reserve !== null && failedRun.cause === "reserve-reached") return null;
  // The pause that ended it goes on, and has been named.
  if (failedRun.cause === "paused" && pauseOf(status, now) !== null) return null;
  return { kind: "runFailed", tone: "bad", isLast: failedRun.startedAt === lastRun?.startedAt, ...failedRun };
}

function fillingOf({ disk, reserve }) {
  const { fullInSeconds } = disk;
  if (reserve !== null || fullInSeconds === null || fullInSeconds > FILLING_SECONDS) return null;
  return { kind: "diskFilling", tone: "warn", seconds: fullInSeconds };
}

/**
 * Hosts whose breaker is open or half-open. If no downloader is running, no process probes them, and their state
 * remains from the last run.
 */
function outagesOf({ breakers, processes }, now) {
  const hosts = breakers.filter(({ key }) => key !== "disk");
  const named = (state) => hosts.filter((breaker) => breaker.state === state);
  const open = named("open");
  const probed = named("half-open");
  const untils = open.map(({ until }) => ahead(until, now)).filter((until) => until !== null);
  return [
    ...open.length === 0 ? [] : [{
      kind: processes > 0 ? "outage" : "leftOpen",
      tone: processes > 0 ? "bad" : "warn",
      hosts: open.map(({ key }) => key),
      cause: open.length === 1 ? causeOf(open[0].reason) : null,
      until: untils.length === 0 ? null : Math.min(...untils),
    }],
    ...probed.length === 0 ? [] : [{ kind: "probing", tone: "warn", hosts: probed.map(({ key }) => key) }],
  ];
}

/** How the host fails, such as \`answers with errors (500)\`; \`null\` if the reason does not say. */
function causeOf(reason) {
  return reason?.includes(": ") ? reason.slice(0, reason.indexOf(": ")) : null;
}

/** The slowest host that is slow now; one whose breaker blocks calls has another problem. */
function slowOf({ hosts, breakers }) {
  const isBlocked = (host) => breakers.some(({ key, state }) => key === host && state !== "closed");
  const slow = hosts.filter(({ host, slowSince, ratio }) => slowSince !== null && ratio !== null && !isBlocked(host));
  if (slow.length === 0) return null;
  const worst = slow.reduce((most, next) => next.ratio < most.ratio ? next : most);
  const { host, kind, ratio, current, usual, slowSince } = worst;
  return { kind: "slow", tone: "warn", host, of: kind, ratio, current, usual, since: slowSince, more: slow.length - 1 };
}

function alertsOf(status) {
  return status.alerts.filter(({ state }) => state === "firing").map(({ rule, severity, summary, ja, remedy }) => ({
    kind: "alert",
    tone: severity === "critical" ? "bad" : "warn",
    rule,
    summary: summary === "" ? rule : summary,
    ja,
    remedy,
    isPast: isUnderWay(status) ? OF_LAST_RUN.has(rule) : rule === "HighMemoryUsage",
  }));
}

/** A silence of a downloader: files wait for bytes, and none arrives. */
function noProgressOf({ silence }) {
  if (silence === null || silence.ms < SILENT_MS) return null;
  return { kind: "noProgress", tone: "bad", ...silence };
}

/** A mode that a person holds and that is slower than allowed. */
function heldOf({ mode }, now) {
  if (mode.hold === null || !isLower(mode.name, mode.ceiling)) return null;
  return {
    kind: "held",
    tone: mode.name === "paused" ? "bad" : "warn",
    mode: mode.name,
    until: ahead(mode.hold.until, now),
  };
}

/** A mode that is slower than allowed: because of trouble, or on its way back after it. */
function loweredOf({ mode, processes, failedRun }, now) {
  const { name, ceiling, hold, isRising, reason } = mode;
  if (name === "paused" || hold !== null || !isLower(name, ceiling)) return null;
  const isRunning = processes > 0;
  // A short run may succeed before the mode has climbed all the way back.
  if (!isRunning && failedRun === null) return null;
  if (isRising) return { kind: "rising", tone: "busy", mode: name, next: ahead(mode.nextCheck, now), isRunning };
  return { kind: "lowered", tone: "warn", mode: name, reason, isRunning };
}

function waitOf({ downloads, throughput, breakers }, now) {
  const waits = downloads.flatMap(({ waiting }) => waiting ?? []);
  const isReported = breakers.some(({ state }) => state === "open");
  if (waits.length === 0 || waits.length < downloads.length || isReported || throughput.bytesPerSecond > 0) return null;
  const untils = waits.map(({ until }) => ahead(until, now)).filter((until) => until !== null);
  return {
    kind: "waiting",
    tone: "warn",
    files: waits.length,
    reason: waits[0].reason,
    until: untils.length === 0 ? null : Math.min(...untils),
  };
}

/**
 * Files that failed and may still be fetched; of causes that are over, only how many are still missing after a run. While
 * one is under way, its counts name them, and it tries them again.
 */
function failuresOf(status) {
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
function refusedOf({ failureGroups }) {
  const groups = failureGroups.filter(({ class: name }) => REFUSALS.has(name));
  const files = groups.reduce((sum, group) => sum + group.files, 0);
  if (files === 0) return null;
  const { class: name, remedy } = groups.reduce((most, group) => group.files > most.files ? group : most);
  return { kind: "refused", tone: "idle", files, class: name, remedy, isAskedAgain: ASKED_AGAIN.has(name) };
}

/** Notifications that somebody waits for in vain. */
function undeliveredOf({ undelivered }) {
  if (undelivered.length === 0) return null;
  return { kind: "undelivered", tone: "warn", count: undelivered.length, address: undelivered[0].address };
}

function workOf({ processes, currentRun, run, downloads, throughput, library, source, gone, damage }) {
  if (processes === 0) {
    if (currentRun !== null) return { kind: "starting", tone: "busy", ...currentRun };
    return library === null && gone === null && damage === null
      ? { kind: "noLibrary", tone: "warn", path: source.library }
      : { kind: "idle", tone: "idle" };
  }
  if (run?.phase === "listing" || run?.target != null) {
    return { kind: "listing", tone: "busy", target: run.target, models: run.listedModels };
  }
  if (throughput.bytesPerSecond > 0) return { kind: "fetching", tone: "good", files: downloads.length };
  return { kind: downloads.length > 0 ? "silent" : "running", tone: "busy", files: downloads.length };
}

/** Whether there is no problem at all, so that the page may say so. */
export function isAllWell(findings) {
  return findings.every(({ tone }) => tone === "good" || tone === "idle");
}
`,
  "hosts.js": `import { SILENT_MS } from "./headline.js";

/** Tones of the words for a host, the worst first. */
export const HOST_TONES = {
  blocked: "bad",
  silent: "bad",
  failing: "bad",
  tried: "warn",
  slow: "warn",
  someFail: "warn",
  working: "good",
  unused: "plain",
};
/** From this share of failed calls, a host that is still called is failing. */
const FAILING_SHARE = 0.5;

/** One row for each host that has a breaker, or that a downloader uses now: the worst first. */
export function hostRows({ breakers, hosts, silence }) {
  const order = Object.keys(HOST_TONES);
  const rank = (row) => order.indexOf(hostState(row));
  const keys = new Set([...breakers.map(({ key }) => key), ...hosts.map(({ host }) => host)]);
  return [...keys].map((key) => ({
    key,
    breaker: breakers.find((breaker) => breaker.key === key) ?? null,
    host: hosts.find(({ host }) => host === key) ?? null,
    isSilent: silence !== null && silence.ms >= SILENT_MS && silence.hosts.includes(key),
  })).sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
}

/** The word for a host: what its breaker does, or else whether bytes come, how its last calls ended and how fast it is. */
export function hostState({ breaker, host, isSilent }) {
  if (breaker?.state === "open") return "blocked";
  if (breaker?.state === "half-open") return "tried";
  // A request that waits for its answer has not failed yet.
  if (isSilent) return "silent";
  const { failures, calls } = breaker ?? { failures: 0, calls: 0 };
  if (failures > 0 && failures >= calls * FAILING_SHARE) return "failing";
  if (host !== null && host.slowSince !== null) return "slow";
  if (failures > 0) return "someFail";
  return calls === 0 && host === null ? "unused" : "working";
}

/** How many requests may be in flight to a host, in words; empty unless that is lowered. */
export function hostLimit({ host }, { words, format, now }) {
  if (host === null || host.limit.value >= host.limit.ceiling) return "";
  return words.limitOf(host.limit, host.limit.changedAt === null ? "" : format.time(host.limit.changedAt, now));
}
`,
  "icon.svg": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
  <rect x="1" y="1" width="22" height="22" rx="6" fill="#1d64c8" />
  <path
    d="M12 5.5v8.5m-4-3.8 4 4 4-4M7 18.5h10"
    fill="none"
    stroke="#fff"
    stroke-width="2.2"
    stroke-linecap="round"
    stroke-linejoin="round"
  />
</svg>
`,
  "index.html": `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>civitai-dl monitor</title>
    <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/page/theme.css">
    <link rel="stylesheet" href="/page/layout.css">
    <link rel="stylesheet" href="/page/figures.css">
    <link rel="stylesheet" href="/page/rows.css">
    <script src="/page/early.js"></script>
    <script type="module" src="/page/main.js"></script>
  </head>
  <body>
    <a class="skip" href="#main" data-text="skip">Skip to the content</a>
    <header class="bar">
      <h1><img src="/page/icon.svg" alt="" width="22" height="22"> civitai-dl <span id="machine">monitor</span></h1>
      <p id="link" class="link" data-state="connecting">
        <span class="dot" aria-hidden="true"></span><span id="link-text">Connecting…</span>
      </p>
      <div class="choices">
        <fieldset id="languages" class="choice">
          <legend class="unseen" data-text="language">Language</legend>
          <label><input type="radio" name="language" value="en"><span lang="en">EN</span></label>
          <label><input type="radio" name="language" value="ja"><span lang="ja">日本語</span></label>
        </fieldset>
        <fieldset id="themes" class="choice">
          <legend class="unseen" data-text="theme">Theme</legend>
          <label><input type="radio" name="theme" value="auto"><span data-text="themeAuto">Auto</span></label>
          <label><input type="radio" name="theme" value="light"><span data-text="themeLight">Light</span></label>
          <label><input type="radio" name="theme" value="dark"><span data-text="themeDark">Dark</span></label>
        </fieldset>
      </div>
    </header>
    <p id="news" class="unseen" role="status" aria-live="polite"></p>
    <main id="main" tabindex="-1">
      <noscript>
        <p class="notice">
          This page needs JavaScript; the same facts are at <a href="/api/status">/api/status</a>.
          <span lang="ja">このページには JavaScript が必要です。同じ情報は /api/status にあります。</span>
        </p>
      </noscript>
      <p id="lost" class="notice" hidden></p>
      <section id="headline" class="headline" aria-labelledby="headline-text" data-tone="idle">
        <div class="headline-first">
          <span id="headline-tone" class="headline-tone"></span>
          <h2 id="headline-text"></h2>
        </div>
        <p id="headline-todo" class="remedy" hidden></p>
        <p id="run-words" class="run-words"></p>
        <div id="run-track" class="track" hidden>
          <div class="bar-fill"></div>
        </div>
        <ul id="also-list" class="also" hidden></ul>
      </section>
      <div class="columns">
        <div class="column">
          <section id="alerts" class="card" aria-labelledby="alerts-title">
            <h2 id="alerts-title" data-text="alerts">Alerts</h2>
            <ul id="alert-list" class="rows"></ul>
            <p id="alert-none" class="none" hidden data-text="noAlerts"></p>
            <div id="undelivered" hidden>
              <h3 data-text="undelivered">Notifications without a confirmation</h3>
              <ul id="undelivered-list" class="rows"></ul>
            </div>
          </section>
          <section id="downloads" class="card" aria-labelledby="downloads-title">
            <h2
              id="downloads-title"><span data-text="downloads">Downloads</span> <span id="download-count" class="count"></span></h2>
            <ul id="download-list" class="rows"></ul>
            <p id="download-none" class="none" hidden data-text="noDownloads"></p>
          </section>
          <section id="events" class="card" aria-labelledby="events-title">
            <h2 id="events-title" data-text="events">Events</h2>
            <ul id="event-list" class="rows"></ul>
            <details id="event-more" class="fold" hidden>
              <summary></summary>
              <ul id="event-rest" class="rows"></ul>
            </details>
            <p id="event-none" class="none" hidden data-text="noEvents"></p>
          </section>
          <section id="failures" class="card" aria-labelledby="failures-title">
            <h2
              id="failures-title"><span data-text="failures">Failures</span> <span id="failure-count" class="count"></span></h2>
            <ul id="failure-list" class="rows"></ul>
            <details id="failure-more" class="fold" hidden>
              <summary></summary>
              <ul id="failure-rest" class="rows"></ul>
            </details>
            <p id="failure-none" class="none" hidden data-text="noFailures"></p>
          </section>
        </div>
        <div class="column side">
          <section id="throughput" class="card" aria-labelledby="throughput-title">
            <h2 id="throughput-title" data-text="throughput">Throughput</h2>
            <p class="figure"><span id="speed">–</span></p>
            <p class="spark-top soft"><span id="spark-peak" class="spark-label"></span></p>
            <div id="spark" class="spark"></div>
            <p class="spark-axis soft"><span id="spark-from" class="spark-label"></span><span
                id="spark-now"
                class="spark-label"></span></p>
          </section>
          <section id="mode" class="card" aria-labelledby="mode-title">
            <h2 id="mode-title" data-text="mode">Engine mode</h2>
            <ol id="ladder" class="ladder"></ol>
            <p id="mode-reason" class="reason"></p>
            <p id="mode-times" class="soft"></p>
          </section>
          <section id="breakers" class="card" aria-labelledby="breakers-title">
            <h2 id="breakers-title" data-text="breakers">Hosts</h2>
            <ul id="breaker-list" class="rows"></ul>
            <p id="breaker-none" class="none" hidden data-text="noBreakers"></p>
          </section>
          <section id="totals" class="card" aria-labelledby="totals-title">
            <h2 id="totals-title" data-text="totals">Library and machine</h2>
            <dl id="total-list" class="facts"></dl>
          </section>
        </div>
      </div>
    </main>
    <footer class="foot">
      <p id="footer-words"></p>
      <p><a href="/api/status">/api/status</a> <a href="/metrics">/metrics</a> <a href="/healthz">/healthz</a></p>
    </footer>
  </body>
</html>
`,
  "layout.css": `/* The frame: bar, summary, cards in columns. */
.skip {
  position: absolute;
  left: 8px;
  top: -60px;
  z-index: 2;
  padding: 8px 14px;
  border-radius: 8px;
  background: var(--card);
}
.skip:focus {
  top: 8px;
}
.bar {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 8px 20px;
  padding: 10px max(20px, (100% - 1320px) / 2);
  background: var(--card);
  border-bottom: 1px solid var(--line);
}
.bar h1 {
  display: flex;
  align-items: center;
  gap: 8px;
  font-size: 15px;
  font-weight: 650;
  white-space: nowrap;
}
.bar h1 span {
  color: var(--soft);
  font-weight: 450;
}
.link {
  display: flex;
  align-items: center;
  gap: 8px;
  color: var(--soft);
}
.dot {
  flex: none;
  width: 9px;
  height: 9px;
  border-radius: 50%;
  background: var(--soft);
}
.link[data-state="live"] .dot {
  background: var(--good);
}
.link[data-state="lost"] .dot {
  border-radius: 1px;
  background: var(--bad-fill);
}
.link[data-state="lost"] {
  color: var(--bad);
}
.choices {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  margin-left: auto;
}
.choice {
  display: flex;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--raised);
  padding: 2px;
}
.choice label {
  position: relative;
  cursor: pointer;
}
.choice input {
  position: absolute;
  inset: 0;
  margin: 0;
  opacity: 0;
  cursor: pointer;
}
.choice span {
  display: block;
  min-width: 40px;
  padding: 2px 9px;
  border-radius: 6px;
  color: var(--soft);
  font-size: 12.5px;
  line-height: 20px;
  text-align: center;
}
.choice input:checked + span {
  background: var(--card);
  color: var(--text);
  box-shadow: 0 0 0 1px var(--line);
}
main {
  max-width: 1360px;
  margin: 0 auto;
  padding: 16px 20px 8px;
}
.headline {
  margin-bottom: 14px;
  padding: 14px 16px;
  border: 1px solid var(--line);
  border-left: 5px solid var(--soft);
  border-radius: 12px;
  background: var(--card);
  box-shadow: var(--shadow);
}
.headline[data-tone="bad"] {
  border-color: var(--bad-fill);
  background: var(--bad-ground);
}
.headline[data-tone="warn"] {
  border-color: var(--warn-fill);
  background: var(--warn-ground);
}
.headline[data-tone="good"] {
  border-left-color: var(--good);
}
.headline[data-tone="busy"] {
  border-left-color: var(--fill);
}
.headline-first {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  gap: 4px 12px;
}
.headline h2 {
  flex: 1 1 300px;
  min-width: 0;
  font-size: 20px;
  font-weight: 650;
  line-height: 1.3;
  letter-spacing: -0.01em;
  overflow-wrap: anywhere;
}
.headline-tone {
  padding: 2px 10px;
  border-radius: 99px;
  background: var(--plain-ground);
  font-size: 12.5px;
  font-weight: 700;
}
.headline[data-tone="bad"] .headline-tone {
  background: var(--bad);
  color: var(--card);
}
.headline[data-tone="warn"] .headline-tone {
  background: var(--warn);
  color: var(--card);
}
.headline[data-tone="good"] .headline-tone {
  background: var(--good-ground);
  color: var(--good);
}
.headline[data-tone="busy"] .headline-tone {
  background: var(--accent-ground);
  color: var(--accent);
}
.headline .remedy b {
  color: inherit;
}
.run-words {
  margin-top: 6px;
  font-weight: 550;
}
.headline .track {
  height: 8px;
}
.also {
  margin-top: 10px;
  border-top: 1px solid var(--line);
}
.also > li {
  margin-top: 8px;
}
.also-text {
  margin-left: 8px;
  font-weight: 600;
  overflow-wrap: anywhere;
}
.notice {
  margin-bottom: 14px;
  padding: 10px 14px;
  border: 1px solid var(--bad-fill);
  border-radius: 10px;
  background: var(--bad-ground);
  color: var(--bad);
}
.columns {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 14px;
}
.column {
  display: flex;
  flex-direction: column;
  gap: 14px;
  min-width: 0;
}
.card {
  padding: 14px 16px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--card);
  box-shadow: var(--shadow);
}
/* An empty card shrinks to a line. */
.card.empty {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  gap: 2px 12px;
  padding: 8px 16px;
}
.card.empty h2 {
  margin-bottom: 0;
}
.card.empty .none {
  padding: 0;
  font-size: 13px;
}
.card h2,
.card h3 {
  margin-bottom: 8px;
  color: var(--soft);
  font-size: 13px;
  font-weight: 600;
}
/* Stale facts are gray and dashed; paler text would be hard to read. */
.stale .card,
.stale .headline {
  border-style: dashed;
  filter: grayscale(1);
}
@media (min-width: 900px) {
  .columns {
    grid-template-columns: minmax(0, 12fr) minmax(0, 7fr);
    align-items: start;
  }
}
.foot {
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  gap: 4px 24px;
  max-width: 1360px;
  margin: 0 auto;
  padding: 8px 20px 24px;
  color: var(--soft);
  font-size: 12.5px;
}
.foot a {
  margin-right: 12px;
}
@media (max-width: 600px) {
  .bar,
  main,
  .foot {
    padding-left: 12px;
    padding-right: 12px;
  }
  .choices {
    margin-left: 0;
  }
  .headline h2 {
    font-size: 17px;
  }
}
`,
  "main.js": `import { openChoices } from "./choices.js";
import { byId, setAttribute, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { Format } from "./format.js";
import { english } from "./messages_en.js";
import { japanese } from "./messages_ja.js";
import { newsOf } from "./news.js";
import { showAlerts } from "./show_alerts.js";
import { showBreakers } from "./show_breakers.js";
import { showDownloads } from "./show_downloads.js";
import { showEvents } from "./show_events.js";
import { showFailures } from "./show_failures.js";
import { showHeadline } from "./show_headline.js";
import { showMode } from "./show_mode.js";
import { showThroughput } from "./show_throughput.js";
import { showTotals } from "./show_totals.js";

const CARDS = [
  showAlerts,
  showDownloads,
  showEvents,
  showFailures,
  showThroughput,
  showMode,
  showBreakers,
  showTotals,
];
/** Marks of the tones for the title, which has no color. */
const MARKS = { bad: "✕ ", warn: "! ", busy: "", good: "", idle: "" };

let status = null;
let receivedAt = 0;
let announcedAt = -Infinity;
let link = { state: "connecting", since: new Date() };
let words = english;
let format = new Format("en");

function setLanguage(language) {
  words = language === "ja" ? japanese : english;
  format = new Format(language);
  for (const node of document.querySelectorAll("[data-text]")) setText(node, words[node.dataset.text]);
  show();
}

/** The current time by the monitor's clock, which may differ from the clock of this machine. */
function monitorNow() {
  return Date.parse(status.time) + (performance.now() - receivedAt);
}

function show() {
  showLink();
  if (status === null) return;
  const now = monitorNow();
  // The program's own text is English; \`lang\` lets a screen reader pronounce it as English.
  const foreign = document.documentElement.lang === "en" ? null : "en";
  const view = { status, words, format, now, foreign, translate: words.translate };
  const tone = showHeadline(view);
  for (const card of CARDS) card(view);
  const firing = status.alerts.filter(({ state }) => state === "firing").length;
  const { machine, library } = status.source;
  const started = Date.parse(status.startedAt);
  const running = words.monitorSince(format.time(status.startedAt, now), format.duration(now - started));
  setText(byId("footer-words"), \`\${words.sourceIs(machine, library)} \${running}\`);
  setText(byId("machine"), machine);
  const title = \`\${MARKS[tone]}\${firing > 0 ? \`(\${firing}) \` : ""}civitai-dl \${machine}\`;
  if (document.title !== title) document.title = title;
}

function showLink() {
  const { state, since } = link;
  const sinceText = format.clock(since);
  const stamp = status === null ? null : format.clock(status.time);
  setAttribute(byId("link"), "data-state", state);
  const linkText = state === "live"
    ? words.live(stamp ?? sinceText)
    : state === "lost"
    ? words.lostShort(sinceText)
    : words.connecting;
  setText(byId("link-text"), linkText);
  const isOutdated = status !== null && status.version !== 1;
  const notice = state === "lost" ? words.lost(sinceText, stamp) : isOutdated ? words.outdated : "";
  byId("lost").hidden = notice === "";
  setText(byId("lost"), notice);
  byId("main").classList.toggle("stale", state === "lost");
}

/**
 * Announce news to screen readers. News that follows within a second is appended, so that it does not replace the news
 * before it.
 */
function announce(news) {
  if (news.length === 0) return;
  const isSoon = performance.now() - announcedAt < 1000;
  setText(byId("news"), [...(isSoon ? [byId("news").textContent] : []), ...news].join(" "));
  announcedAt = performance.now();
}

const feed = new Feed({
  onStatus(received) {
    const before = status;
    status = received;
    receivedAt = performance.now();
    show();
    announce(newsOf(before, status, words));
  },
  onLink(state, since) {
    if (state === "lost") announce([words.newsLost]);
    else if (link.state === "lost") announce([words.newsLive]);
    link = { state, since };
    show();
  },
});
openChoices(setLanguage);
setLanguage(document.documentElement.lang);
feed.open();
// Waits are counted down each second.
setInterval(show, 1000);
`,
  "manual_block.js": `/**
 * Whether an event of type \`outage\` is about a host that somebody blocked by opening its breaker, so that nothing is
 * wrong with it. Logs of earlier versions say "by hand".
 */
export function isManualBlock({ reason }) {
  return /^opened (?:manually|by hand)$/.test(reason);
}
`,
  "messages_en.js": `import { isManualBlock } from "./manual_block.js";

const plural = new Intl.PluralRules("en");
const count = (number, one, many) => plural.select(number) === "one" ? one : many;

const hostList = (hosts) => hosts.length <= 2 ? hosts.join(" and ") : \`\${hosts[0]} and \${hosts.length - 1} more hosts\`;
const triedWords = (tries) => tries === 0 ? "" : \`, tried \${tries} \${count(tries, "time", "times")} without success\`;
const endWords = ({ done, failed }, number) => \`\${number(done)} done\${failed > 0 ? \`, \${number(failed)} failed\` : ""}\`;

/** A share such as \`1/110\`, or a percentage near the usual. */
const share = (ratio) => ratio > 0.5 ? \`\${Math.round(ratio * 100)} %\` : \`1/\${Math.round(1 / ratio)}\`;
/** How often as long something takes, such as \`20 times\`. */
const times = (ratio) => \`\${Math.round(1 / ratio)} times\`;
/** The time of an answer; most take less than a second. */
const answerTime = (ms, format) => ms < 1000 ? \`\${Math.round(ms)} ms\` : format.duration(ms);
const LIMITS = {
  refused: ": it refused more at once",
  latency: ": with more it became slower",
  recovered: ": rising again",
  room: ": rising again",
  measure: ": a short test with fewer",
};
const limitWords = (reason) => LIMITS[reason] ?? "";

/** The command that goes on; it ends the text, so that it can be copied. */
const againWords = (again) => again === null ? "Run the same command again to resume." : \`Run again with: \${again}\`;

/** Why a run ended: at most one sentence. */
function endReason({ message, pause, failed, failure }, time) {
  if (pause === null) return message === null ? [] : [message];
  const until = pause.until === null ? "" : \` until \${time(pause.until)}\`;
  const files = failed > 0
    ? \`; \${failed} \${count(failed, "file", "files")} failed\${failure === null ? "" : \` (\${failure})\`}\`
    : "";
  return [\`paused by the failsafe\${until}: \${pause.reason}\${files}\`];
}

/** All text of the page in English. */
export const english = {
  skip: "Skip to the content",
  // The program's sentences are already English.
  translate: (text) => ({ text, lang: null }),
  alertSummary: ({ summary }) => ({ text: summary, lang: null }),
  monitor: "monitor",
  language: "Language",
  theme: "Theme",
  themeAuto: "Auto",
  themeLight: "Light",
  themeDark: "Dark",
  throughput: "Throughput",
  mode: "Engine mode",
  alerts: "Alerts",
  breakers: "Hosts",
  downloads: "Downloads",
  failures: "Failures",
  events: "Events",
  noEvents: "Nothing happened in the last 24 hours.",
  totals: "Library and machine",
  noAlerts: "No alert is pending or firing.",
  noBreakers: "No host has been called yet.",
  noDownloads: "Nothing is being downloaded. New downloads appear here by themselves.",
  noFailures: "Nothing failed in the last 24 hours.",
  connecting: "Connecting…",
  live: (time) => \`Live · \${time}\`,
  lostShort: (time) => \`Connection lost at \${time}\`,
  lost: (since, from) =>
    \`Connection lost, retrying since \${since}. \` +
    (from === null ? "Nothing has been received yet." : \`What you see is the state of \${from}.\`),
  outdated: "The monitor uses a newer format than this page. Reload the page.",
  spark: (speed, peak) => \`Curve of the throughput: now \${speed}, peak \${peak}\`,
  ago: (duration) => \`\${duration} ago\`,
  peak: (speed) => \`Peak \${speed}\`,
  rungs: {
    turbo: "several files, in segments",
    parallel: "several files at once",
    resilient: "one file, retries and resume",
    stable: "one file after another",
    paused: "all downloads wait",
  },
  now: "now",
  ceiling: "ceiling",
  since: (time, duration) => \`Since \${time} (\${duration})\`,
  nextCheck: (time, left) => \`next check at \${time}, in \${left}\`,
  severity: { critical: "Critical", warning: "Warning", info: "Info" },
  alertState: { pending: "Pending", firing: "Firing", resolved: "Resolved" },
  alertSince: (state, time, duration) => \`\${state} since \${time} (\${duration})\`,
  undelivered: "Notifications without a confirmation",
  undeliveredState: { waiting: "Not delivered", unanswered: "No answer" },
  sentAgain: (time) => \`It is sent again at \${time}.\`,
  mayHaveArrived: "It was sent and may have arrived, so it is not sent again for that.",
  value: (value) => \`Value \${value}\`,
  noData: "No data",
  runbook: "Runbook",
  runbookOf: (rule) => \`Runbook of \${rule}\`,
  hostState: {
    working: "Working",
    unused: "Not in use",
    slow: "Slow",
    someFail: "Some calls fail",
    silent: "No bytes",
    failing: "Failing",
    tried: "Being tried",
    blocked: "Blocked",
  },
  breakerCalls: (failures, calls) =>
    calls === 0 ? "no calls in the last minute" : \`\${failures} of \${calls} calls failed\`,
  speedOf: ({ kind, current, usual }, format) =>
    kind === "answer"
      ? \`Answers in \${answerTime(current, format)}, usually in \${answerTime(usual, format)}\`
      : \`\${format.speed(current)} for each connection, usually \${format.speed(usual)}\`,
  limitOf: ({ value, ceiling, reason }, changed) =>
    \`\${value} of \${ceiling} \${count(ceiling, "connection", "connections")}\${limitWords(reason)}\${
      changed === "" ? "" : \`, since \${changed}\`
    }\`,
  opensAgain: (time, left) => \`tries again at \${time}, in \${left}\`,
  triesNext: "the next request tries it again",
  waits: "waiting",
  waitsFor: (reason) => \`Waiting: \${reason}\`,
  connections: (number) => \`\${number} \${count(number, "connection", "connections")}\`,
  ofTotal: (done, total) => \`\${done} of \${total}\`,
  left: (duration) => \`\${duration} left\`,
  progressOf: (name) => \`Progress of \${name}\`,
  unknownHost: "host not known yet",
  remedy: "What to do:",
  // The program's own text is already English.
  remedies: {},
  classes: {},
  meanings: {},
  tones: { bad: "Trouble", warn: "Attention", busy: "Working", good: "Working", idle: "Idle" },
  allWell: ", all quiet",
  modeIs: (mode) => \`mode \${mode}\`,
  lastRun: (last, { time, count: number }) =>
    last === null
      ? "no run yet"
      : last.endedAt === null
      ? \`last run was killed; it began at \${time(last.startedAt)}\`
      : \`last run ended at \${time(last.endedAt)}: \${endWords(last, number)}\`,
  filesOf: (done, all) => \`\${done} of \${all} files\`,
  failedSoFar: (_, text) => \`\${text} failed so far\`,
  runProgress: "Progress of the run",
  more: (number) => \`\${number} more\`,
  andMore: (_, text) => \`and \${text} more\`,
  fileCount: (number, text) => \`\${text} \${count(number, "file", "files")}\`,
  failedFiles: (number, files, tries) => number === 0 ? \`\${tries} times\` : \`\${files} \${count(number, "file", "files")}\`,
  whichFiles: (number, text) => number === 1 ? "Which file" : \`Which of the \${text} files\`,
  findings: {
    paused: ({ reason, until, isRunning, again }, { left, time }) => ({
      text: \`Downloads are paused: \${reason}\${until === null ? "" : \`, next try in \${left(until)}\`}\`,
      todo: isRunning
        ? "Check the network and the storage's status page. It continues automatically when they answer; civitai-dl failsafe reset ends the pause at once."
        : until === null
        ? againWords(again)
        : \`A run before \${time(new Date(until).toISOString())} ends at once with exit 6, a later one resumes. \` +
          "To resume now, check the network and run civitai-dl failsafe reset first. " + againWords(again),
    }),
    diskFull: ({ freeBytes }, { format }) => ({
      text: \`The disk is full: \${format.bytes(freeBytes)} free\`,
      todo: "Free some space or move the library to a larger disk, then run the same command again to resume.",
    }),
    reserve: ({ leftFiles, leftBytes, missingBytes, freeBytes, reserveBytes }, { format, count: number }) => ({
      text: leftFiles === 0
        ? \`The disk is at its reserve: \${format.bytes(freeBytes)} free, and downloads keep \${
          format.bytes(reserveBytes)
        } free\`
        : \`The disk is at its reserve: \${number(leftFiles)} \${count(leftFiles, "file", "files")} (\${
          format.bytes(leftBytes)
        }) \${count(leftFiles, "is", "are")} left\`,
      todo: \`Free at least \${
        format.bytes(missingBytes)
      }, move the library to a larger disk, or lower --reserve; then run the same command again to resume.\`,
    }),
    diskFilling: ({ seconds }, { format }) => ({
      text: \`The disk will be at its reserve in about \${format.duration(seconds * 1000)} if it goes on filling\`,
      todo: "Find out what fills the disk, and free some space before downloads stop.",
    }),
    runFailed: (
      { command, exitCode, message, hint, again, pause, failed, failure, left, isLast },
      { count: number, time },
    ) => ({
      text: \`\${
        exitCode === null
          ? \`\${isLast ? "The last" : "An earlier"} run (\${command}) was killed before its end\`
          : \`\${isLast ? "The last" : "An earlier"} run (\${command}) ended with exit \${exitCode}\${
            endReason({ message, pause, failed, failure }, time).map((reason) => \`: \${reason}\`).join("")
          }\`
      }\${left === null || left === 0 ? "" : \`; \${number(left)} \${count(left, "file is", "files are")} left\`}\`,
      todo: [
        ...hint === null ? [] : [\`\${hint}.\`],
        ...hint !== null && again === null ? [] : [againWords(again)],
      ].join(" "),
    }),
    libraryGone: ({ path, time: lastSeen }, { time }) => ({
      text: \`The library is gone: it was last seen at \${time(lastSeen)} in \${path}\`,
      todo: "Mount its disk. The monitor goes on by itself then; until then, every command refuses to work there.",
    }),
    damaged: ({ message }) => ({
      text: message,
      todo: "civitai-dl doctor says what is wrong with it and how to mend it.",
    }),
    diskFails: (_, __) => ({
      text: "The disk cannot be written",
      todo: "Check that the disk is mounted and healthy and that the library's folder may be written, then run again.",
    }),
    outage: ({ hosts, cause, until }, { left }) => ({
      text: \`\${hostList(hosts)} \${cause ?? \`\${count(hosts.length, "is", "are")} not used for now after failures\`}\` +
        (until === null ? ", the next request tries it again" : \`, next try in \${left(until)}\`),
      todo:
        "Nothing for now: it is retried automatically, and downloads resume where they stopped. If it lasts, check your network and the site's status.",
    }),
    leftOpen: ({ hosts }) => ({
      text: \`\${hostList(hosts)} failed in the last run\`,
      todo: "Check your network, then run the same command again to resume.",
    }),
    probing: ({ hosts }) => ({ text: \`\${hostList(hosts)} is being tried again after failures\`, todo: "" }),
    undelivered: ({ count: notices, address }, { count: number }) => ({
      text: \`\${number(notices)} \${count(notices, "notification", "notifications")} of alerts not confirmed: \${address}\`,
      todo: "Check whether the receiver can be reached, with civitai-dl alerts status and alerts send-test.",
    }),
    slow: ({ host, of, ratio, current, since, more }, { time, format }) => ({
      text:
        \`Slow: \${host} \${
          of === "answer"
            ? \`takes \${answerTime(current, format)} to answer, \${times(ratio)} its usual time,\`
            : \`at \${share(ratio)} of its usual speed\`
        } since \${time(since)}\` + (more === 0 ? "" : \`, and \${more} more \${count(more, "host", "hosts")}\`),
      todo: more === 0
        ? "Nothing: downloads go on, and speed up when the host does. If all is slow, look for another program that uses your network."
        : "Several hosts are slow at once: look for another program that uses your network or this machine. Downloads go on.",
    }),
    alert: ({ summary, remedy }) => ({ text: summary, todo: remedy ?? "" }),
    lowered: ({ mode, reason, isRunning }) => ({
      text: isRunning ? \`Slowed down to \${mode}: \${reason}\` : \`The next run starts slowly, in mode \${mode}: \${reason}\`,
      todo: "Nothing: it speeds up automatically when the problems are over.",
    }),
    noProgress: ({ ms, since, hosts, files }, { time, format }) => ({
      text: \`No byte has arrived from \${hostList(hosts)} since \${time(since)} (\${format.duration(ms)}): \${
        files === 0 ? "the listing waits" : \`\${format.number(files)} \${count(files, "file waits", "files wait")}\`
      }\`,
      todo:
        "Nothing for now: it tries again automatically, and downloads resume where they stopped. If it lasts, check your network and the site's status.",
    }),
    held: ({ mode, until }, { left }) => ({
      text: \`Mode \${mode} is held manually\${until === null ? "" : \`, for \${left(until)}\`}\`,
      todo: "civitai-dl failsafe hold --release gives it back to the failsafe.",
    }),
    rising: ({ mode, next, isRunning }, { left }) => ({
      text: isRunning
        ? \`Speeding up again: mode \${mode}\${next === null ? "" : \`, next step in \${left(next)}\`}\`
        : \`The next run starts in mode \${mode} and speeds up again\`,
      todo: "",
    }),
    waiting: ({ files, until, reason }, { left, failure }) => ({
      text: \`\${files} \${count(files, "download waits", "downloads wait")}: \${failure(reason)}\` +
        (until === null ? "" : \`, next try in \${left(until)}\`),
      todo: "",
    }),
    failed: ({ files, class: name, remedy, isRunning }, { count: number, failure }) => ({
      text: \`\${number(files)} \${count(files, "file", "files")} failed, most often: \${failure(name)}\`,
      todo: remedy === "" ? "" : \`\${remedy}.\${isRunning ? "" : " The next run tries what failed again."}\`,
    }),
    refused: ({ files, class: name, remedy, isAskedAgain }, { count: number, failure }) => ({
      text: \`\${number(files)} \${count(files, "file", "files")} cannot be fetched: \${failure(name)}\`,
      todo: isAskedAgain ? "They are requested again after a week." : \`\${remedy}.\`,
    }),
    failedEarlier: ({ files, class: name }, { count: number, failure }) => ({
      text: \`\${number(files)} \${count(files, "file is", "files are")} missing after earlier failures: \${failure(name)}\`,
      todo: "Downloads have worked again since: run the same command again to fetch what is missing.",
    }),
    starting: ({ command, startedAt }, { time }) => ({
      text: \`A run (\${command}) is under way since \${time(startedAt)}\`,
      todo: "",
    }),
    idle: () => ({ text: "No downloader is running", todo: "" }),
    noLibrary: ({ path }) => ({
      text: \`There is no library yet: nothing was ever downloaded to \${path}\`,
      todo: "Download something, or name the folder of your library.",
    }),
    listing: ({ target, models }, { count: number }) => ({
      text: \`Listing\${target === null ? "" : \` \${target}\`}: \${number(models)} \${
        count(models, "model", "models")
      } so far\`,
      todo: "",
    }),
    fetching: ({ files }) => ({
      text: \`Downloading \${files} \${count(files, "file", "files")}\`,
      todo: "",
    }),
    silent: ({ files }) => ({
      text: \`No data arrives at the moment; \${files} \${count(files, "download is", "downloads are")} open\`,
      todo: "",
    }),
    running: () => ({ text: "The downloader is running, no file is being downloaded", todo: "" }),
  },
  happened: {
    run: ({ files, bytes }, { count: number, format }) =>
      \`Run began: \${number(files)} \${count(files, "file", "files")} to fetch, \${format.bytes(bytes)}\`,
    end: (event, { count: number, format }) =>
      \`Run ended \${event.exitCode === 0 ? "" : \`with exit \${event.exitCode} \`}after \${
        format.duration(event.durationMs)
      }: \${endWords(event, number)}, \${format.bytes(event.fetchedBytes)} fetched\${
        event.message === null ? "" : \`: \${event.message}\`
      }\`,
    mode: ({ from, to, reason }) => \`Mode \${from} → \${to}: \${reason}\`,
    outage: (event, { time, span, isOut }) => {
      const { key, time: from, until, tries, reason } = event;
      const end = until === null ? "" : \` until \${time(until)} (\${span(from, until)})\`;
      const is = until === null && isOut(key) ? "is" : "was";
      return isManualBlock(event)
        ? \`\${key} \${is} blocked manually\${end}\${triedWords(tries)}\`
        : \`\${key} \${is} failing\${end}\${triedWords(tries)}: \${reason}\`;
    },
    retries: ({ host, failure, count: times, until }, { time }) =>
      \`\${times} \${count(times, "retry", "retries")} of \${host === "" ? "the API" : host}: \${failure}\` +
      (times > 1 ? \`, last at \${time(until)}\` : ""),
    alert: ({ rule, state, summary }) =>
      state === "resolved" ? \`Alert resolved: \${rule}\` : \`Alert: \${summary === "" ? rule : summary}\`,
    warning: ({ message, count: times }) => times > 1 ? \`\${message} (\${times} times)\` : message,
  },
  // The command status, which says the rest in the words above.
  screen: {
    found: ({ measured }) => measured,
    run: "Run",
    limits: "Limits",
    hosts: "Hosts",
    notices: "Notices",
    key: "Key",
    monitor: "Monitor",
    holder: ({ command, pid }, since) => \`\${command} (process \${pid}) works on the library. \${since}\`,
    free: "No run works on the library",
    gone: ({ message }) => message,
    damaged: ({ message }) => message,
    keyProblem: (problem) => problem,
    endReason,
    alerts: (number, text, evaluated) => \`\${number === 0 ? "No alert is pending or firing." : text} (\${evaluated})\`,
    ended: (command, exit, time) => \`last run: \${command} ended with exit \${exit} at \${time}\`,
    killed: (command, time) => \`last run: \${command}, begun at \${time}, was killed\`,
    done: (files) => \`\${files} done\`,
    failed: (files) => \`\${files} failed\`,
    left: (files, size) => \`\${files} left (\${size})\`,
    none: "none",
    reserve: (size) => \`\${size} kept free\`,
    quota: (links, bytes) => \`--quota: \${[links, bytes].filter((part) => part !== null).join(" and ")} in 24 h\`,
    links: (used, all) => \`\${used} of \${all} links\`,
    again: (time) => \`, used up until \${time}\`,
    bandwidth: (rate) => \`--limit-rate \${rate}\`,
    noHosts: "no run has asked any host yet",
    evaluated: (time, duration) => \`rules last evaluated at \${time}, \${duration} ago\`,
    evaluates: "the monitor evaluates the rules",
    neverEvaluated: "the rules were never evaluated here",
    allDelivered: "all delivered",
    keyState: { accepted: "accepted by the last run", rejected: "refused in the last run" },
    keyFrom: (source) => \`from \${source}\`,
    noKey: "none: make one at https://civitai.com/user/account, and put it into CIVITAI_API_KEY or api_key.md",
    monitorRuns: (pid, since) => \`running (process \${pid}). \${since}\`,
    checksOk: (time) => \`of those that the monitor runs, none fails; unchanged since \${time}\`,
    notChecked: "only a monitor runs them; civitai-dl doctor runs all of them now",
    noMonitor: "not running: nobody is notified. civitai-dl monitor starts one",
  },
  files: "Files",
  size: "Size",
  states: {
    done: "Done",
    planned: "Planned",
    deferred: "Early access",
    refused: "Refused",
    failed: "Failed",
    corrupted: "Corrupted",
  },
  noLibrary: "No catalog yet",
  library: "Library",
  disk: "Disk",
  unknownForNow: "not known until the library is back",
  diskUse: (percent, free) => \`\${percent} used, \${free} free\`,
  memory: "Memory",
  processes: "Processes",
  checks: "Checks by the monitor",
  checked: (failing, time) => failing.length === 0 ? \`none fails (\${time})\` : \`\${failing.join(", ")} (\${time})\`,
  monitorSince: (time, duration) => \`The monitor has been running since \${time} (\${duration}).\`,
  sourceIs: (machine, library) => \`Machine \${machine}, library \${library}.\`,
  newsAlert: ({ severity, rule, summary }) => \`\${severity}: \${rule}. \${summary}.\`,
  newsResolved: (rule) => \`Resolved: \${rule}.\`,
  newsMode: (mode, reason) => \`Engine mode is now \${mode}: \${reason}.\`,
  newsLost: "Connection to the monitor lost. Retrying.",
  newsLive: "Connection to the monitor restored.",
};
`,
  "messages_ja.js": `import { classes, meanings, remedies } from "./problems_ja.js";
import { isManualBlock } from "./manual_block.js";
import { causeInJapanese, sentenceInJapanese } from "./sentences_ja.js";

const hostList = (hosts) => hosts.length <= 2 ? hosts.join(" と ") : \`\${hosts[0]} ほか \${hosts.length - 1} ホスト\`;
const endWords = ({ done, failed }, count) => \`完了 \${count(done)} 件\${failed > 0 ? \`、失敗 \${count(failed)} 件\` : ""}\`;

/**
 * Translate a sentence of the program. An unknown sentence remains in English, with \`lang\` so that a screen reader
 * pronounces it as English.
 */
function translate(text) {
  const translated = text === "" ? "" : sentenceInJapanese(text);
  return translated === null ? { text, lang: "en" } : { text: translated, lang: null };
}

/** What an alert says, with the words of the check that it is about. */
const alertSummary = ({ summary, ja }) => ja.summary === null ? translate(summary) : { text: ja.summary, lang: null };

const translateText = (text) => translate(text).text;

/** Why a run ended; a reason without a translation remains in English. */
function endReason({ cause, message, pause, failed, failure }, time) {
  if (pause !== null) {
    const until = pause.until === null ? "" : \` \${time(pause.until)} まで\`;
    const kind = classes[failure] === undefined ? "" : \`（\${classes[failure]}）\`;
    const files = failed > 0 ? \`。\${failed} 件が失敗しました\${kind}\` : "";
    return \`: フェイルセーフが\${until}一時停止しました（\${translateText(pause.reason)}）\${files}\`;
  }
  const reason = classes[cause] ?? (message === null ? null : translateText(message));
  // The message names the creator.
  const creator = cause === "creator-fails" ? /\\buser:[\\w.-]+/.exec(message ?? "")?.[0] : undefined;
  return reason === null ? "" : \`: \${reason}\${creator === undefined ? "" : \`（\${creator}）\`}\`;
}

/** The command that goes on; it ends the text, so that it can be copied. */
const againWords = (again) =>
  again === null
    ? "同じコマンドをもう一度実行してください。続きから再開します。"
    : \`次のコマンドで続きから再開します: \${again}\`;

function endRemedy({ cause, hint, again, pause, keyOrigin }, time) {
  if (cause === "key-rejected") {
    return \`https://civitai.com/user/account で API キーを作り直し、\${keyOrigin} のキーを置き換えてください。\${
      againWords(again)
    }\`;
  }
  if (pause !== null) {
    const early = pause.until === null
      ? ""
      : \`\${time(pause.until)} より前に実行すると、すぐに終了コード 6 で終わります。\`;
    return \`\${early}\${againWords(again)}\`;
  }
  const remedy = remedies[cause] ?? hint;
  if (remedy !== null && again === null) return \`\${remedy}。\`;
  return \`\${remedy === null ? "" : \`\${remedy}。\`}\${againWords(again)}\`;
}

/** The start of an event about a host that failed; \`end\` is the time when it ended. */
function outageWords(place, { isOn, end }) {
  if (end !== null) return \`\${place} では \${end} まで障害が発生していました\`;
  return isOn ? \`\${place} で障害が発生しています\` : \`\${place} で障害が発生しました\`;
}

/** The start of an event about a host that somebody blocked; \`end\` is the time when it ended. */
function blockWords(place, { isOn, end }) {
  if (end !== null) return \`\${place} への接続を \${end} まで手動で遮断していました\`;
  return isOn ? \`\${place} への接続を手動で遮断しています\` : \`\${place} への接続を手動で遮断しました\`;
}

const share = (ratio) => ratio > 0.5 ? \`\${Math.round(ratio * 100)} %\` : \`1/\${Math.round(1 / ratio)}\`;
/** The time of an answer; most take less than a second. */
const answerTime = (ms, format) => ms < 1000 ? \`\${Math.round(ms)} ms\` : format.duration(ms);
const LIMITS = {
  refused: "。同時接続をホストが拒否したため",
  latency: "。接続が多いと遅くなったため",
  recovered: "。増やしています",
  room: "。増やしています",
  measure: "。少ない接続で測定中",
};
const limitWords = (reason) => LIMITS[reason] ?? "";

/** All text of the page in Japanese. */
export const japanese = {
  skip: "本文へ移動",
  translate,
  alertSummary,
  monitor: "モニター",
  language: "言語",
  theme: "テーマ",
  themeAuto: "自動",
  themeLight: "ライト",
  themeDark: "ダーク",
  throughput: "転送速度",
  mode: "エンジンモード",
  alerts: "アラート",
  breakers: "ホスト",
  downloads: "ダウンロード",
  failures: "失敗したファイル",
  events: "イベント",
  noEvents: "過去 24 時間のイベントはありません。",
  totals: "ライブラリとマシン",
  noAlerts: "保留中・発報中のアラートはありません。",
  noBreakers: "まだどのホストにも接続していません。",
  noDownloads: "ダウンロード中のファイルはありません。始まると自動的にここに表示されます。",
  noFailures: "過去 24 時間に失敗したファイルはありません。",
  connecting: "接続しています…",
  live: (time) => \`受信中 · \${time}\`,
  lostShort: (time) => \`\${time} に切断\`,
  lost: (since, from) =>
    \`接続が切れました。\${since} から再接続を試みています。\` +
    (from === null ? "まだ何も受信していません。" : \`表示は \${from} 時点の状態です。\`),
  outdated: "モニターがこのページより新しい形式を使用しています。ページを再読み込みしてください。",
  spark: (speed, peak) => \`転送速度のグラフ: 現在 \${speed}、最大 \${peak}\`,
  ago: (duration) => \`\${duration}前\`,
  peak: (speed) => \`最大 \${speed}\`,
  rungs: {
    turbo: "複数ファイルを分割して取得",
    parallel: "複数ファイルを同時に取得",
    resilient: "1 件ずつ取得し、失敗時は再試行・再開",
    stable: "1 件ずつ順番に取得",
    paused: "すべてのダウンロードを一時停止",
  },
  now: "現在",
  ceiling: "上限",
  since: (time, duration) => \`\${time} から（\${duration}）\`,
  nextCheck: (time, left) => \`次の判定は \${time}（あと \${left}）\`,
  severity: { critical: "重大", warning: "警告", info: "情報" },
  alertState: { pending: "保留中", firing: "発報中", resolved: "解消" },
  alertSince: (state, time, duration) => \`\${state} \${time} から（\${duration}）\`,
  undelivered: "届いたことを確認できていない通知",
  undeliveredState: { waiting: "未配信", unanswered: "応答なし" },
  sentAgain: (time) => \`\${time} に再送します。\`,
  mayHaveArrived: "送信済みで、届いている可能性があるため、これを理由に再送することはありません。",
  value: (value) => \`値 \${value}\`,
  noData: "データなし",
  runbook: "ランブック",
  runbookOf: (rule) => \`ランブック: \${rule}\`,
  hostState: {
    working: "正常",
    unused: "未使用",
    slow: "低速",
    someFail: "一部失敗",
    silent: "受信なし",
    failing: "失敗",
    tried: "回復の確認中",
    blocked: "接続停止中",
  },
  breakerCalls: (failures, calls) => calls === 0 ? "直近 1 分のリクエストなし" : \`\${calls} 回中 \${failures} 回失敗\`,
  speedOf: ({ kind, current, usual }, format) =>
    kind === "answer"
      ? \`応答時間 \${answerTime(current, format)}（普段は \${answerTime(usual, format)}）\`
      : \`1 接続あたり \${format.speed(current)}（普段は \${format.speed(usual)}）\`,
  limitOf: ({ value, ceiling, reason }, changed) =>
    \`接続数 \${value} / \${ceiling}\${limitWords(reason)}\${changed === "" ? "" : \`（\${changed} から）\`}\`,
  opensAgain: (time, left) => \`\${time} に再試行（あと \${left}）\`,
  triesNext: "次のリクエストで再試行",
  waits: "待機中",
  waitsFor: (reason) => \`待機の理由: \${reason}\`,
  connections: (number) => \`接続 \${number}\`,
  ofTotal: (done, total) => \`\${done} / \${total}\`,
  left: (duration) => \`残り \${duration}\`,
  progressOf: (name) => \`進捗: \${name}\`,
  unknownHost: "ホスト未定",
  remedy: "対処:",
  remedies,
  classes,
  meanings,
  tones: { bad: "問題あり", warn: "要確認", busy: "処理中", good: "正常", idle: "待機" },
  allWell: "。異常はありません",
  modeIs: (mode) => \`モード \${mode}\`,
  lastRun: (last, { time, count }) =>
    last === null
      ? "実行の記録はまだありません"
      : last.endedAt === null
      ? \`前回の実行は強制終了（開始 \${time(last.startedAt)}）\`
      : \`前回の実行は \${time(last.endedAt)} に終了: \${endWords(last, count)}\`,
  filesOf: (done, all) => \`\${all} 件中 \${done} 件完了\`,
  failedSoFar: (_, text) => \`失敗 \${text} 件\`,
  runProgress: "全体の進捗",
  more: (number) => \`ほか \${number} 件\`,
  andMore: (_, text) => \`ほか \${text} 件\`,
  fileCount: (_, text) => \`\${text} 件\`,
  failedFiles: (number, files, tries) => number === 0 ? \`\${tries} 回\` : \`\${files} 件\`,
  whichFiles: (_, text) => \`対象のファイル（\${text} 件）\`,
  findings: {
    paused: ({ reason, until, isRunning, again }, { left, time }) => ({
      text: \`一時停止中です: \${translateText(reason)}\${until === null ? "" : \`（次の試行まで \${left(until)}）\`}\`,
      todo: isRunning
        ? "ネットワークとサービスの稼働状況を確認してください。応答が戻れば自動的に再開します。すぐに再開するには civitai-dl failsafe reset を実行します。"
        : until === null
        ? againWords(again)
        : \`\${time(new Date(until).toISOString())} より前に実行すると、すぐに終了コード 6 で終わります。\` +
          "すぐに再開するには、ネットワークを確認して civitai-dl failsafe reset を実行してください。" +
          againWords(again),
    }),
    diskFull: ({ freeBytes }, { format }) => ({
      text: \`ディスクの空き容量がありません（空き \${format.bytes(freeBytes)}）\`,
      todo:
        "空き容量を増やすか、ライブラリを大きなディスクに移動してから、同じコマンドをもう一度実行してください。続きから再開します。",
    }),
    reserve: ({ leftFiles, leftBytes, missingBytes, freeBytes, reserveBytes }, { format, count }) => ({
      text: leftFiles === 0
        ? \`ディスクの空きが予備の容量を下回っています（空き \${format.bytes(freeBytes)}、予備 \${
          format.bytes(reserveBytes)
        }）\`
        : \`ディスクの空きが予備の容量に達し、\${count(leftFiles)} 件（\${format.bytes(leftBytes)}）が未取得です\`,
      todo: \`\${
        format.bytes(missingBytes)
      } 以上の空きを作るか、ライブラリを大きなディスクに移動するか、--reserve を小さくしてから、同じコマンドをもう一度実行してください。続きから再開します。\`,
    }),
    diskFilling: ({ seconds }, { format }) => ({
      text: \`このまま増え続けると、ディスクの空きは約 \${format.duration(seconds * 1000)}で予備の容量に達します\`,
      todo: "何がディスクを使っているかを調べ、ダウンロードが止まる前に空き容量を増やしてください。",
    }),
    runFailed: ({ command, exitCode, left, isLast, ...end }, { count, time }) => ({
      text: \`\${
        exitCode === null
          ? \`\${isLast ? "前回" : "以前"}の実行（\${command}）は途中で強制終了されました\`
          : \`\${isLast ? "前回" : "以前"}の実行（\${command}）は終了コード \${exitCode} で終わりました\${
            endReason(end, time)
          }\`
      }\${left === null || left === 0 ? "" : \`。未取得 \${count(left)} 件\`}\`,
      todo: endRemedy(end, time),
    }),
    libraryGone: ({ path, time: lastSeen }, { time }) => ({
      text: \`ライブラリが見つかりません：\${path}（最後の確認 \${time(lastSeen)}）\`,
      todo:
        "ディスクをマウントしてください。モニターは自動的に再開します。それまで、どのコマンドもその場所では動作しません。",
    }),
    damaged: () => ({
      text: "ライブラリのカタログが破損しています",
      todo: "civitai-dl doctor を実行すると、原因と修復方法を確認できます。",
    }),
    diskFails: () => ({
      text: "ディスクに書き込めません",
      todo:
        "ディスクが正常にマウントされていることと、ライブラリのフォルダーに書き込めることを確認してから、もう一度実行してください。",
    }),
    outage: ({ hosts, cause, until }, { left }) => ({
      text: \`\${hostList(hosts)}: \${
        (cause === null ? null : causeInJapanese(cause)) ?? "失敗が続いたため接続を一時的に止めています"
      }（\${until === null ? "次のリクエストで再試行" : \`次の試行まで \${left(until)}\`}）\`,
      todo:
        "現時点で対応は不要です。自動的に再試行し、続きから再開します。長引く場合は、ネットワークとサイトの稼働状況を確認してください。",
    }),
    leftOpen: ({ hosts }) => ({
      text: \`前回の実行では \${hostList(hosts)} への接続が失敗しました\`,
      todo: "ネットワークを確認してから、同じコマンドをもう一度実行してください。続きから再開します。",
    }),
    probing: ({ hosts }) => ({ text: \`\${hostList(hosts)} の回復を確認しています\`, todo: "" }),
    undelivered: ({ count: notices, address }, { count }) => ({
      text: \`アラートの通知 \${count(notices)} 件が届いたことを確認できていません: \${address}\`,
      todo: "civitai-dl alerts status と alerts send-test で、通知先に届くかどうかを確認してください。",
    }),
    slow: ({ host, of, ratio, current, since, more }, { time, format }) => ({
      text:
        (of === "answer"
          ? \`\${host} の応答が遅くなっています（\${answerTime(current, format)}、普段の \${Math.round(1 / ratio)} 倍、\${
            time(since)
          } から）\`
          : \`\${host} が遅くなっています（普段の \${share(ratio)}、\${time(since)} から）\`) +
        (more === 0 ? "" : \`。ほかに \${more} 件のホストも遅くなっています\`),
      todo: more === 0
        ? "対応は不要です。ダウンロードは続き、ホストが回復すれば元の速度に戻ります。すべてが遅い場合は、ネットワークを使っているほかのプログラムを探してください。"
        : "複数のホストが同時に遅くなっています。ネットワークやこのマシンを使っているほかのプログラムを探してください。ダウンロードは続きます。",
    }),
    alert: ({ summary, ja, remedy }) => ({
      text: ja.summary ?? translateText(summary),
      todo: translateText(remedy ?? ""),
    }),
    lowered: ({ mode, reason, isRunning }) => ({
      text: isRunning
        ? \`\${mode} モードに切り替えて速度を落としています: \${translateText(reason)}\`
        : \`次回の実行は \${mode} モードから始まります: \${translateText(reason)}\`,
      todo: "対応は不要です。問題が解消すると、自動的に速度が戻ります。",
    }),
    noProgress: ({ ms, since, hosts, files }, { time, format }) => ({
      text: \`\${hostList(hosts)} から \${time(since)} 以降（\${format.duration(ms)}間）データを受信していません。\${
        files === 0 ? "一覧の取得" : \`\${format.number(files)} 件\`
      }が待機しています\`,
      todo:
        "現時点で対応は不要です。自動的に再試行し、続きから再開します。長引く場合は、ネットワークとサイトの稼働状況を確認してください。",
    }),
    held: ({ mode, until }, { left }) => ({
      text: \`手動で \${mode} モードに固定しています\${until === null ? "" : \`（残り \${left(until)}）\`}\`,
      todo: "固定を解除するには civitai-dl failsafe hold --release を実行します。",
    }),
    rising: ({ mode, next, isRunning }, { left }) => ({
      text: isRunning
        ? \`速度を戻しています: \${mode} モード\${next === null ? "" : \`（次の段階まで \${left(next)}）\`}\`
        : \`次回の実行は \${mode} モードから始まり、徐々に速度を戻します\`,
      todo: "",
    }),
    waiting: ({ files, until, reason }, { left }) => ({
      text: \`\${files} 件が待機中です: \${classes[reason] ?? translateText(reason)}\` +
        (until === null ? "" : \`（次の試行まで \${left(until)}）\`),
      todo: "",
    }),
    failed: ({ files, class: name, remedy: english, isRunning }, { count, failure, remedy }) => ({
      text: \`\${count(files)} 件が失敗しました（最も多い理由: \${failure(name)}）\`,
      todo: english === ""
        ? ""
        : \`\${remedy(name, english)}。\${isRunning ? "" : "失敗したファイルは次回の実行で再試行します。"}\`,
    }),
    refused: ({ files, class: name, remedy: english, isAskedAgain }, { count, failure, remedy }) => ({
      text: \`\${count(files)} 件は取得できません（\${failure(name)}）\`,
      todo: isAskedAgain ? "1 週間後に再度リクエストします。" : \`\${remedy(name, english)}。\`,
    }),
    failedEarlier: ({ files, class: name }, { count, failure }) => ({
      text: \`以前の失敗により \${count(files)} 件が未取得です（\${failure(name)}）\`,
      todo: "その後のダウンロードは成功しています。同じコマンドをもう一度実行すると、未取得のファイルを再試行します。",
    }),
    starting: ({ command, startedAt }, { time }) => ({
      text: \`実行中です（\${command}、\${time(startedAt)} から）\`,
      todo: "",
    }),
    idle: () => ({ text: "実行中のダウンロードはありません", todo: "" }),
    noLibrary: ({ path }) => ({
      text: \`ライブラリはまだありません：\${path} には何もダウンロードされていません\`,
      todo: "何かをダウンロードするか、ライブラリのフォルダーを指定してください。",
    }),
    listing: ({ target, models }, { count }) => ({
      text: \`\${target === null ? "" : \`\${target} の\`}一覧を取得しています（現在 \${count(models)} モデル）\`,
      todo: "",
    }),
    fetching: ({ files }) => ({ text: \`\${files} 件をダウンロードしています\`, todo: "" }),
    silent: ({ files }) => ({ text: \`現在、データを受信していません（\${files} 件が接続中）\`, todo: "" }),
    running: () => ({ text: "ダウンローダーは起動していますが、転送中のファイルはありません", todo: "" }),
  },
  happened: {
    run: ({ files, bytes }, { count, format }) => \`実行を開始: \${count(files)} 件、\${format.bytes(bytes)}\`,
    end: (event, { count, format }) =>
      \`実行が終了（\${event.exitCode === 0 ? "" : \`終了コード \${event.exitCode}、\`}\${
        format.duration(event.durationMs)
      }）: \${endWords(event, count)}、取得 \${format.bytes(event.fetchedBytes)}\${
        event.message === null ? "" : \`: \${translateText(event.message)}\`
      }\`,
    mode: ({ from, to, reason }) => \`モード \${from} → \${to}: \${translateText(reason)}\`,
    outage: (event, { time, span, isOut }) => {
      const { key, time: from, until, tries, reason } = event;
      const facts = [
        ...until === null ? [] : [span(from, until)],
        ...tries === 0 ? [] : [\`再試行 \${tries} 回\`],
      ];
      const details = facts.length === 0 ? "" : \`（\${facts.join("、")}）\`;
      const words = isManualBlock(event) ? blockWords : outageWords;
      const what = words(key === "disk" ? "ディスク" : key, {
        isOn: until === null && isOut(key),
        end: until === null ? null : time(until),
      });
      return \`\${what}\${details}\${isManualBlock(event) ? "" : \`: \${translateText(reason)}\`}\`;
    },
    retries: ({ host, failure: name, count, until }, { time, failure }) =>
      \`\${host === "" ? "API" : host} で \${count} 回再試行: \${failure(name)}\` +
      (count > 1 ? \`（最後は \${time(until)}）\` : ""),
    alert: ({ rule, state, summary }) =>
      state === "resolved" ? \`アラート解消: \${rule}\` : \`アラート: \${summary === "" ? rule : translateText(summary)}\`,
    warning: ({ message, count }) => count > 1 ? \`\${translateText(message)}（\${count} 回）\` : translateText(message),
  },
  // status コマンド。ここにない言葉は、上のものをそのまま使います。
  screen: {
    found: ({ ja }) => ja.measured,
    run: "実行",
    limits: "制限",
    hosts: "ホスト",
    notices: "通知",
    key: "API キー",
    monitor: "モニター",
    holder: ({ command, pid }, since) => \`\${command}（プロセス \${pid}）がライブラリを使用中。\${since}\`,
    free: "ライブラリを使用中の実行はありません",
    gone: ({ ja }) => ja.message,
    damaged: () => "カタログ（catalog.db）が破損していて、読み取れません",
    keyProblem: (problem) => \`API キーを読み取れません（\${problem}）\`,
    endReason({ exitCode, ...end }, time) {
      const reason = exitCode === 0 ? "" : endReason(end, time);
      return reason === "" ? [] : [reason.slice(2)];
    },
    alerts: (number, text, evaluated) =>
      number === 0 ? \`保留中・発報中のアラートはありません（\${evaluated}）\` : \`\${text} 件（\${evaluated}）\`,
    ended: (command, exit, time) => \`前回の実行：\${command} は \${time} に終了コード \${exit} で終了\`,
    killed: (command, time) => \`前回の実行：\${command}（開始 \${time}）は強制終了\`,
    done: (files) => \`完了 \${files} 件\`,
    failed: (files) => \`失敗 \${files} 件\`,
    left: (files, size) => \`未取得 \${files} 件（\${size}）\`,
    none: "なし",
    reserve: (size) => \`\${size} を予備として確保\`,
    quota: (links, bytes) => \`--quota：24 時間で \${[links, bytes].filter((part) => part !== null).join("、")}\`,
    links: (used, all) => \`リンク \${used} / \${all}\`,
    again: (time) => \`（\${time} まで上限）\`,
    bandwidth: (rate) => \`--limit-rate \${rate}\`,
    noHosts: "まだどのホストにも接続していません",
    evaluated: (time, duration) => \`ルールの最終評価 \${time}（\${duration}前）\`,
    evaluates: "モニターがルールを評価しています",
    neverEvaluated: "ルールはまだ評価されていません",
    allDelivered: "未配信の通知はありません",
    keyState: { accepted: "前回の実行で有効", rejected: "前回の実行で拒否" },
    keyFrom: (source) => \`\${source} から取得\`,
    noKey: "なし。https://civitai.com/user/account で作成し、CIVITAI_API_KEY か api_key.md に設定してください",
    monitorRuns: (pid, since) => \`実行中（プロセス \${pid}）。\${since}\`,
    checksOk: (time) => \`モニターが確認する項目に問題はありません（\${time} から変化なし）\`,
    notChecked: "モニターの動作中に確認します。今すぐ確認するには civitai-dl doctor を実行してください",
    noMonitor: "停止中のため、通知されません。civitai-dl monitor で起動します",
  },
  files: "ファイル数",
  size: "合計サイズ",
  states: {
    done: "完了",
    planned: "予定",
    deferred: "アーリーアクセス待ち",
    refused: "取得不可",
    failed: "失敗",
    corrupted: "破損",
  },
  noLibrary: "カタログはまだありません",
  library: "ライブラリ",
  disk: "ディスク",
  unknownForNow: "ライブラリが戻るまで不明です",
  diskUse: (percent, free) => \`\${percent} 使用、空き \${free}\`,
  memory: "メモリ",
  processes: "プロセス",
  checks: "自動点検",
  checked: (failing, time) => failing.length === 0 ? \`問題なし（\${time}）\` : \`\${failing.join("、")} に問題（\${time}）\`,
  monitorSince: (time, duration) => \`モニターは \${time} から稼働しています（\${duration}）。\`,
  sourceIs: (machine, library) => \`マシン \${machine}、ライブラリ \${library}。\`,
  newsAlert: ({ severity, rule, summary }) => \`\${severity}: \${rule}。\${summary}。\`,
  newsResolved: (rule) => \`解消: \${rule}。\`,
  newsMode: (mode, reason) => \`エンジンモードが \${mode} になりました。理由: \${reason}。\`,
  newsLost: "モニターとの接続が切れました。再接続しています。",
  newsLive: "モニターとの接続が回復しました。",
};
`,
  "name_commands.js": `/** A command that a text names as the program's rooms write it: \`civitai-dl doctor\`, but no path and no \`civitai-dl.yml\`. */
const MENTION = /(?<![\\w./\\\\@~-])civitai-dl ([a-z][a-z-]*)(?![\\w/-]|\\.\\w)/g;

/**
 * Write the commands of a text as the reader starts them, as the monitor says: \`deno task doctor\` in a checkout. A
 * command that the monitor does not name stays.
 */
export function nameCommands(text, commands) {
  return text.replaceAll(MENTION, (mention, verb) => Object.hasOwn(commands, verb) ? commands[verb] : mention);
}
`,
  "news.js": `/**
 * What a screen reader should announce after an update: alerts that began or ended, and a change of mode. Everything
 * else changes too often to be worth an interruption, and the first document is not news.
 */
export function newsOf(before, after, words) {
  if (before === null) return [];
  const news = [];
  if (before.mode.name !== after.mode.name) {
    news.push(words.newsMode(after.mode.name, words.translate(after.mode.reason).text));
  }
  const firing = (status) => new Map(status.alerts.filter(({ state }) => state === "firing").map((a) => [a.rule, a]));
  const old = firing(before);
  const fresh = firing(after);
  for (const [rule, alert] of fresh) {
    if (!old.has(rule)) {
      const { text } = words.alertSummary(alert);
      const severity = words.severity[alert.severity] ?? alert.severity;
      news.push(words.newsAlert({ severity, rule, summary: text }));
    }
  }
  for (const rule of old.keys()) if (!fresh.has(rule)) news.push(words.newsResolved(rule));
  return news;
}
`,
  "problems_ja.js": `// Written by \`deno task docs\` from the table of lib/problems; do not edit.

/** The titles of the problems in Japanese; a class of failure is one of them. */
export const classes = {
  "timeout": "タイムアウト",
  "stall": "転送停止",
  "connection": "接続エラー",
  "dns": "名前解決エラー",
  "tls": "TLS エラー",
  "server": "サーバーエラー",
  "unusable": "想定外の応答",
  "throttled": "リクエスト数の制限",
  "quota": "利用枠の超過",
  "pagecap": "一覧の上限超過",
  "expired": "リンクの期限切れ",
  "login": "ログインが必要",
  "forbidden": "権限なし",
  "early-access": "アーリーアクセス",
  "gone": "削除済み",
  "archived": "アーカイブ済み",
  "disabled": "ダウンロード不可",
  "region": "地域制限",
  "flagged": "危険と判定",
  "rejected": "リクエスト拒否",
  "refused-host": "未許可のホスト",
  "too-large": "サイズ超過",
  "integrity": "データ破損",
  "changed": "取得中に変更",
  "tripped": "手動で遮断中",
  "disk": "ディスクエラー",
  "cancelled": "中止",
  "unknown": "不明",
  "no-progress": "受信の停止",
  "run-failed": "前回の実行の失敗",
  "no-success": "長期間の未成功",
  "reserve-reached": "予備の容量への到達",
  "own-quota": "指定した利用枠",
  "open-key-file": "API キーのファイル",
  "open-files": "アクセス権",
  "disk-filling": "ディスクの残量不足",
  "library-missing": "ライブラリの消失",
  "no-library": "ライブラリなし",
  "host-down": "一部のストレージの無応答",
  "no-key": "API キーなし",
  "key-rejected": "API キーの拒否",
  "slow-host": "ホストの速度低下",
  "held-by-hand": "モードの手動固定",
  "newer-state": "より新しいバージョンが書いた状態ファイル",
  "high-memory": "メモリ使用量の上昇",
  "undelivered-alerts": "通知の未配信",
  "creator-fails": "特定のクリエイターの失敗",
  "hung": "ライブラリを使用中のプロセスが応答しない",
  "catalog": "ライブラリのカタログの破損",
  "state": "状態ファイルの破損",
  "clock": "このマシンの時計のずれ",
  "slow": "ダウンロードやハッシュ計算の遅延",
  "engine-mode": "エンジンのモード変更",
  "paused-by-hand": "手動による一時停止",
  "paused": "ダウンロードの一時停止",
  "breaker-left": "直前まで失敗していたホスト",
  "breaker": "ホストの遮断",
  "rollout": "段階的ロールアウトの停止",
  "proxy-login": "プロキシの認証",
};

/** What each problem means. */
export const meanings = {
  "timeout": "時間内に応答がありませんでした",
  "stall": "転送が停止したか、極端に遅くなりました",
  "connection": "接続できなかったか、途中で切断されました",
  "dns": "ホスト名を解決できませんでした",
  "tls": "安全な接続を確立できませんでした",
  "server": "サービスがエラーを返しました",
  "unusable": "ファイルやデータの代わりに、成功のステータスで Web ページか JSON が返されました",
  "throttled": "サービスからリクエスト数を減らすよう求められています",
  "quota": "アカウントの 24 時間の利用枠を使い切りました",
  "pagecap": "サービスが返せる範囲を超えて一覧を要求しました",
  "expired": "署名付きリンクの期限が切れていました",
  "login": "API キーが設定されていないか、無効です。ダウンロードには必ずキーが必要です",
  "forbidden": "このアカウントにはファイルへのアクセス権がありません",
  "early-access": "公開日まで、または常に、有料ユーザーだけが利用できるファイルです",
  "gone": "クリエイター、モデル、またはファイルが Civitai にありません。削除されたか、名前が間違っています",
  "archived": "クリエイターがアーカイブしました",
  "disabled": "クリエイターがダウンロードを無効にしています",
  "region": "この国ではサービスが提供されていません",
  "flagged": "Civitai が危険と判定したか、安全と確認できないものをインポートするファイルです",
  "rejected": "サービスがリクエストそのものを受け付けませんでした。再試行しても結果は同じです",
  "refused-host": "許可されていないホスト、またはプライベートネットワークのアドレスにリダイレクトされました",
  "too-large": "申告サイズを大幅に超えるデータが送られてきました",
  "integrity": "3 回の試行すべてで、データの SHA-256 が API の公開値と一致しませんでした",
  "changed": "取得中にファイルが変更されました",
  "tripped": "ホストへの接続が手動で遮断されているため、リクエストを送信しません",
  "disk": "ローカルディスクの読み書きに失敗しました",
  "cancelled": "途中で中止されました",
  "unknown": "分類できないエラーです",
  "no-progress": "実行中の処理があるのに、データがしばらく届いていません。ホストが接続を受け付けたまま応答していません",
  "run-failed": "前回の実行が途中で終了したか、一部のファイルの取得に失敗しました",
  "no-success": "このライブラリでは、正常に終わった実行が 2 日以上ありません",
  "reserve-reached": "予備の容量（--reserve）を除くと空きがないため、入らないファイルは取得していません",
  "own-quota": "--quota の上限に達しました",
  "open-key-file": "ほかのユーザーが読めます",
  "open-files": "ほかのユーザーがアクセスできるファイルがあります",
  "disk-filling": "ライブラリのディスクがまもなく一杯になります",
  "library-missing":
    "以前あったライブラリが見つかりません。ディスクがマウントされていないか、フォルダーが移動されています",
  "no-library": "このフォルダーには、まだ何もダウンロードされていません",
  "host-down": "応答しないストレージがあります。ほかのストレージは応答しています",
  "no-key": "API キーが設定されていません。ダウンロードには必ずキーが必要です",
  "key-rejected": "API キーが受け付けられなくなりました。サイトで削除されたか、入力に誤りがあります",
  "slow-host": "ホストの速度が、普段の速度を大きく下回っています",
  "held-by-hand": "エンジンのモードが手動で固定されているため、自動では変わりません",
  "newer-state": "このライブラリは新しいバージョンのプログラムで処理されており、このバージョンでは読み取れません",
  "high-memory": "プロセスのメモリ使用量が、通常を大きく上回っています",
  "undelivered-alerts": "アラートを通知先に配信できませんでした",
  "creator-fails": "ほかのクリエイターは取得できますが、1 人のクリエイターの一覧だけ取得できません",
  "hung": "ライブラリを使用中のプロセスは存在しますが、応答していません",
  "catalog": "ライブラリのカタログを読み取れません。ファイルには影響ありません",
  "state": "ライブラリの状態ファイルを読み取れません",
  "clock": "このマシンの時計が、サービスの時計からずれています",
  "slow": "このマシンのディスクか CPU が、ネットワークより遅くなっています",
  "engine-mode": "失敗したリクエストが多いため、フェイルセーフが慎重なモードに切り替えました",
  "paused-by-hand": "ダウンロードが手動で一時停止されているため、どの実行も何も取得しません",
  "paused": "すべてのストレージが失敗しているため、フェイルセーフがダウンロードを一時停止しています",
  "breaker-left": "このホストへのリクエストは失敗していました。次のリクエストで、回復したかどうかがわかります",
  "breaker": "このホストへのリクエストが続けて失敗したため、しばらくリクエストを送信しません",
  "rollout": "エンジンの段階的ロールアウトが中止されたか、操作を待っています。すべて stable エンジンで取得します",
  "proxy-login": "プロキシがユーザー名とパスワードを求めています",
};

/** What to do about each problem. */
export const remedies = {
  "timeout":
    "自動的に再試行します。続く場合はネットワークを確認するか、tune-timeouts が提案する値を --host-timeout に指定してください",
  "stall": "次の試行で続きから再開します。続く場合はネットワークを確認してください",
  "connection": "ネットワークを確認してください。もう一度実行すると、続きから再開します",
  "dns": "ネットワークと DNS サーバーを確認してください。もう一度実行すると、続きから再開します",
  "tls": "このマシンの時計が合っているか、プロキシが代わりに応答していないかを確認してください",
  "server": "サービスが回復するまでお待ちください。その間は自動的に速度を落とします",
  "unusable":
    "サイトでファイルのページを開いてください。すべてのファイルで発生する場合は、キャプティブポータルやプロキシを確認してください",
  "throttled":
    "対応は不要です（自動的に間隔を空けます）。続く場合は --download-rate か --api-rate の値を小さくしてください",
  "quota": "時間をおいて再実行してください。--quota を指定すると、使い切る前に停止します",
  "pagecap": "プログラムのバグです。該当するログの行を添えて報告してください",
  "expired": "新しいリンクを自動的に取得します。続く場合はこのマシンの時計を確認してください",
  "login":
    "サイト（https://civitai.com/user/account）で API キーを作り直し、CIVITAI_API_KEY、--token-file、api_key.md のいずれかで渡してください",
  "forbidden": "サイトで一度ファイルを開くか、別のアカウントのキーを使ってください",
  "early-access": "公開後の実行で取得します。すぐに必要な場合は、サイトでアクセス権を購入してください",
  "gone":
    "サイトで名前を確認してください。削除されたものは再取得できないため、ライブラリにあるファイルは削除せずに保管してください",
  "archived": "対応は不要です。クリエイターが再公開すれば取得できます",
  "disabled": "対応は不要です。クリエイターが許可すれば取得できます",
  "region": "この国から取得する方法はありません",
  "flagged": "取得しないことをお勧めします。信頼できる場合は、--allow-flagged を指定すると quarantine/ に取得できます",
  "rejected": "指定した内容を確認してください。続く場合は該当するログの行を添えて報告してください",
  "refused-host":
    "信頼できる公開ホストであれば --allow-host HOST で許可してください。それ以外のアドレスの場合は Civitai に報告してください",
  "too-large": "サイトでファイルのページを確認してください。表示されているサイズが正しければ、次回の実行で取得します",
  "integrity":
    "データは corrupted/ に保存されています。クリエイターがファイルを差し替えた場合は、後の実行で新しいファイルを取得します",
  "changed": "次回の実行で新しいファイルを取得します",
  "tripped": "civitai-dl failsafe reset HOST を実行すると解除できます。時間が経つと自動的に解除されます",
  "disk": "空き容量を増やすか、ライブラリのフォルダーの権限を修正してください",
  "cancelled": "同じコマンドをもう一度実行すると、続きから再開します",
  "unknown": "logs/download.log で該当する行とその前後を確認してください。続く場合は報告してください",
  "no-progress": "ホストが応答すると自動的に続行します。すべてのホストが応答しない場合はネットワークを確認してください",
  "run-failed": "表示された原因を解消してから、もう一度実行してください。続きから再開します",
  "no-success": "夜間ジョブが動いているか、前回の実行がなぜ失敗したかを確認してください",
  "reserve-reached":
    "ディスクの空き容量を増やすか、--reserve の値を小さくしてから、もう一度実行してください。続きから再開します",
  "own-quota": "24 時間が過ぎると再開できます。上限を変えるには --quota の値を変更してください",
  "open-key-file": "chmod 600 で、所有者だけが読めるようにしてください",
  "open-files": "civitai-dl doctor --fix で、所有者だけがアクセスできるようにしてください",
  "disk-filling": "実行が止まる前に空き容量を増やすか、より大きなディスクにライブラリを移してください",
  "library-missing":
    "ディスクをマウントし直すか、移動先のフォルダーを --output または --library で指定してください。意図して削除した場合は civitai-dl download --forget-library を実行してください",
  "no-library": "何かをダウンロードするか、ライブラリのフォルダーを --output または --library で指定してください",
  "host-down":
    "回復するまでお待ちください。その間もほかのストレージのファイルは取得できます。ファイアウォールやプロキシで遮断していないかも確認してください",
  "no-key":
    "https://civitai.com/user/account で API キーを作り、CIVITAI_API_KEY、--token-file、api_key.md のいずれかで渡してください",
  "key-rejected": "https://civitai.com/user/account で API キーを作り直し、古いキーと置き換えてください",
  "slow-host":
    "ホストが回復すると速度も戻るので、お待ちください。すべてのホストが遅い場合は、回線を使っているものを確認してください",
  "held-by-hand": "不要になったら civitai-dl failsafe hold --release で解除してください",
  "newer-state": "そのバージョン以降を使ってください。このバージョンは何も変更しません",
  "high-memory": "Ctrl-C で停止して起動し直してください。データは失われません。原因は memory-test で調べられます",
  "undelivered-alerts": "config/alerts.yml の宛先や秘密情報を修正してください。通知先が応答すれば、再送されます",
  "creator-fails":
    "このクリエイターを指定した実行のたびに再試行するので、お待ちください。数日続く場合は、サイトでクリエイターのページを確認してください",
  "hung": "一時停止していた場合は kill -CONT PID で再開し、応答しないままの場合は kill -KILL PID で終了してください",
  "catalog": "civitai-dl verify --rebuild で作り直し、civitai-dl repair で足りないファイルを取得してください",
  "state": "civitai-dl doctor --fix で退避してください。次の実行で新しく作られます",
  "clock": "時刻の同期を有効にしてください。コンテナや仮想マシンでは、ホスト側の時計を合わせてください",
  "slow": "--output で速いディスクを指定するか、CPU を使っているほかのプログラムを止めてください",
  "engine-mode":
    "対応は不要です。自動的に元の速度に戻ります。理由と次に変わる条件は civitai-dl failsafe で確認できます",
  "paused-by-hand": "不要になったら civitai-dl failsafe hold --release で解除してください",
  "paused":
    "実行中の処理は自動的に再試行します。civitai-dl failsafe が示す時刻より前に実行した場合は、すぐに終了コード 6 で終わります。すぐに再開するには civitai-dl failsafe reset を実行してから、同じコマンドを実行してください",
  "breaker-left": "対応は不要です。次の実行で試します。失敗の理由は civitai-dl failsafe で確認できます",
  "breaker": "自動的に再試行するので、お待ちください。時刻は civitai-dl failsafe で確認できます",
  "rollout": "理由は civitai-dl rollout status で確認できます。修正後に civitai-dl rollout retry でやり直せます",
  "proxy-login":
    "HTTPS_PROXY（http://NAME:PASSWORD@host:port）で指定するか、NO_PROXY でプロキシを経由しないようにしてください",
};
`,
  "rows.css": `/* Rows of lists, badges, bars and facts. */
.rows > li {
  padding: 9px 0;
  border-top: 1px solid var(--line);
}
.rows > li:first-child {
  padding-top: 2px;
  border-top: 0;
}
.rows > li:last-child {
  padding-bottom: 0;
}
.none {
  padding: 6px 0 4px;
  color: var(--soft);
}
.head {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  gap: 3px 10px;
}
.head .end {
  margin-left: auto;
  color: var(--soft);
  font-size: 12.5px;
  white-space: nowrap;
}
.title,
.path,
.detail {
  min-width: 0;
  overflow-wrap: anywhere;
}
.title {
  font-weight: 600;
}
li[data-state="closed"] .title {
  font-weight: 450;
}
.detail {
  margin-top: 2px;
}
.remedy {
  margin-top: 3px;
  color: var(--text);
}
.remedy b {
  color: var(--accent);
  font-weight: 600;
}
.clamp {
  display: -webkit-box;
  overflow: hidden;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 2;
}
.fold {
  margin-top: 4px;
  font-size: 13px;
}
.fold summary {
  width: fit-content;
  padding: 2px 0;
  color: var(--accent);
  cursor: pointer;
}
.paths {
  overflow-wrap: anywhere;
}
.event {
  display: grid;
  grid-template-columns: 92px minmax(0, 1fr);
  gap: 0 10px;
  font-size: 13.5px;
}
.event .detail {
  margin: 0;
  padding-left: 9px;
  border-left: 3px solid var(--line);
}
.event[data-tone="bad"] .detail {
  border-color: var(--bad-fill);
}
.event[data-tone="warn"] .detail {
  border-color: var(--warn-fill);
}
.event[data-tone="good"] .detail {
  border-color: var(--good);
}
.rows > .event {
  padding: 5px 0;
  border-top: 0;
}
.badge {
  flex: none;
  padding: 1px 8px;
  border-radius: 99px;
  background: var(--plain-ground);
  color: var(--text);
  font-size: 12px;
  font-weight: 600;
  line-height: 18px;
  white-space: nowrap;
}
.badge[data-tone="good"] {
  background: var(--good-ground);
  color: var(--good);
}
.badge[data-tone="warn"] {
  background: var(--warn-ground);
  color: var(--warn);
}
.badge[data-tone="bad"] {
  background: var(--bad-ground);
  color: var(--bad);
}
.track {
  height: 5px;
  margin-top: 7px;
  overflow: hidden;
  border-radius: 3px;
  background: var(--plain-ground);
}
.bar-fill {
  width: 0;
  height: 100%;
  border-radius: 3px;
  background: var(--fill);
}
.track[data-tone="warn"] .bar-fill {
  background: var(--warn-fill);
}
.track[data-tone="bad"] .bar-fill {
  background: var(--bad-fill);
}
.facts {
  display: grid;
  grid-template-columns: repeat(3, minmax(0, 1fr));
  gap: 14px 12px;
  padding-top: 2px;
}
.facts > div {
  display: flex;
  flex-direction: column-reverse;
  justify-content: flex-end;
}
.facts > .bar-fact {
  display: block;
  grid-column: 1 / -1;
}
.facts dt {
  color: var(--soft);
  font-size: 12.5px;
}
.facts dd {
  font-size: 16px;
  font-weight: 600;
  letter-spacing: -0.01em;
}
.bar-fact dt {
  float: left;
  line-height: 20px;
}
.facts .bar-fact dd {
  font-size: 14px;
  letter-spacing: 0;
  text-align: right;
}
.small {
  font-size: 12.5px;
}
.more {
  display: flex;
  flex-wrap: wrap;
  gap: 2px 14px;
  margin-top: 3px;
  font-size: 12.5px;
}
.download {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 1px 18px;
}
.download .what,
.download .from,
.download .track {
  grid-column: 1 / -1;
  overflow-wrap: anywhere;
}
.download .from {
  display: flex;
  flex-wrap: wrap;
  gap: 0 10px;
  color: var(--soft);
  font-size: 12.5px;
}
.download .pace {
  text-align: right;
}
.download .why {
  grid-column: 1 / -1;
  color: var(--warn);
  font-size: 13px;
  overflow-wrap: anywhere;
}
@media (max-width: 600px) {
  .head .end {
    margin-left: 0;
    white-space: normal;
  }
  .event {
    grid-template-columns: minmax(40px, max-content) minmax(0, 1fr);
  }
  .facts {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
}
@media (forced-colors: active) {
  .bar-fill,
  .dot,
  .rung[aria-current] .pip {
    forced-color-adjust: none;
  }
}
`,
  "rungs.js": `/** The modes of the failsafe, from the fastest profile to \`paused\`. */
export const RUNGS = ["turbo", "parallel", "resilient", "stable", "paused"];

/** Whether a mode is slower than another. */
export function isLower(rung, than) {
  return RUNGS.indexOf(rung) > RUNGS.indexOf(than);
}
`,
  "sentences_ja.js": `const UNITS = { d: "日", h: "時間", m: "分", s: "秒", ms: "ミリ秒" };
const GROUPS = {
  "every storage": "すべてのストレージ",
  "every host": "すべてのホスト",
  "the API": "API",
  disk: "ディスク",
  "nearly every call": "ほぼすべてのリクエスト",
};

/**
 * The ways in which a host with an open breaker fails, in the wording of this and earlier versions, with their Japanese
 * translations.
 */
const CAUSES = {
  "cannot be reached": "接続できません",
  "does not answer in time": "時間内に応答しません",
  stalls: "転送が途中で止まります",
  "stops sending": "転送が途中で止まります",
  "breaks connections": "接続が切れます",
  "has no address": "名前を解決できません",
  "fails the TLS handshake": "安全な接続を確立できません",
  "makes no secure connection": "安全な接続を確立できません",
  "answers with errors": "エラーを返しています",
  "sends wrong bytes": "壊れたデータを送っています",
  "cannot be written": "書き込めません",
  "takes no bytes": "書き込めません",
  "is too slow": "応答が遅すぎます",
  fails: "失敗しています",
};

/** Convert a duration such as \`1m 30s\` to \`1 分 30 秒\`. */
function time(text) {
  return text.replaceAll(/(\\d+(?:\\.\\d+)?)(ms|[dhms])/g, (_, number, unit) => \`\${number} \${UNITS[unit]}\`);
}

/** English sentences of the program and their Japanese translations: about breakers, modes and the built-in rules. */
const PATTERNS = [
  [/^(\\d+) calls in a row failed$/, (n) => \`\${n} 回連続で失敗しました\`],
  [/^(\\d+) of its last (\\d+) calls failed$/, (failed, all) => \`直近 \${all} 回のうち \${failed} 回が失敗しました\`],
  [
    /^(\\d+) of its last (\\d+) calls took longer than (.+)$/,
    (slow, all, limit) => \`直近 \${all} 回のうち \${slow} 回が \${time(limit)}を超えました\`,
  ],
  [/^a probe did not end within (.+)$/, (limit) => \`回復確認のリクエストが \${time(limit)}以内に完了しませんでした\`],
  [
    /^(\\d+) of (\\d+) probes (?:succeeded|did well)$/,
    (good, all) => \`回復確認のリクエスト \${all} 回のうち \${good} 回が成功しました\`,
  ],
  [/^(\\d+) of (\\d+) probes failed$/, (bad, all) => \`回復確認のリクエスト \${all} 回のうち \${bad} 回が失敗しました\`],
  [/^(?:probing after the wait|the wait is over)$/, () => "待機時間が終わりました"],
  [/^(?:it sends bytes again|bytes come from it again)$/, () => "再びデータが届くようになりました"],
  [/^(?:no requests are sent to its host|its host is left alone)$/, () => "ホストへの接続を一時的に止めています"],
  [/^opened (?:manually|by hand)$/, () => "手動で遮断しました"],
  [/^closed (?:manually|by hand)$/, () => "手動で遮断を解除しました"],
  [
    /^(.+) has failed for (.+)$/,
    (group, span) =>
      Object.hasOwn(GROUPS, group) ? \`\${GROUPS[group]}が \${time(span)}にわたって失敗し続けています\` : null,
  ],
  [/^the breaker of (\\S+) was opened (?:manually|by hand)$/, (key) => \`\${key} への接続を手動で遮断しました\`],
  [/^the breaker of (\\S+) opened$/, (key) => \`\${key} への接続が遮断されました\`],
  [
    /^(\\d+) of (\\d+) calls failed within a minute$/,
    (failed, all) => \`1 分間のリクエスト \${all} 回のうち \${failed} 回が失敗しました\`,
  ],
  [/^no byte has arrived for (.+)$/, (span) => \`\${time(span)}にわたってデータを受信していません\`],
  [/^bytes arrive again$/, () => "データの受信が再開しました"],
  [/^the pause is over$/, () => "一時停止が終わりました"],
  [/^no trouble for (.+)$/, (span) => \`\${time(span)}にわたって問題は発生していません\`],
  [/^the hold ended$/, () => "モードの固定期間が終わりました"],
  [/^held (?:manually|by hand)$/, () => "手動でモードを固定しています"],
  [/^released (?:manually|by hand)$/, () => "手動でモードの固定を解除しました"],
  [/^reset (?:manually|by hand)$/, () => "手動でリセットしました"],
  [/^(\\S+) is the fastest mode allowed here$/, (mode) => \`ここで使える最も速いモードは \${mode} です\`],
  [/^no bolder mode than (\\S+) is allowed here$/, (mode) => \`ここで使える最も速いモードは \${mode} です\`],
  [/^(?:no reason to change it|nothing has spoken against it)$/, () => "問題は見つかっていません"],
  [/^No download has run here yet$/, () => "このライブラリではまだダウンロードを実行していません"],
  [/^CIVITAI_DL_DISABLE_EXPERIMENTAL(?:=| is )1$/, () => "CIVITAI_DL_DISABLE_EXPERIMENTAL=1 が指定されています"],
  [/^(--force-sync-mode|--engine \\S+)$/, (flag) => \`\${flag} が指定されています\`],
  [
    /^High error rate: (.+) of the downloads of the last (.+) failed, more than (.+)$/,
    (value, window, limit) => \`エラー率が高くなっています: 直近 \${time(window)}で \${value} が失敗（上限 \${limit}）\`,
  ],
  [
    /^High timeout rate: (.+) of the downloads of the last (.+) timed out, more than (.+)$/,
    (value, window, limit) =>
      \`タイムアウト率が高くなっています: 直近 \${time(window)}で \${value} がタイムアウト（上限 \${limit}）\`,
  ],
  [
    /^No byte has arrived for (.+) although files wait for some$/,
    (span) => \`ファイルの取得待ちが続いていますが、\${time(span)}にわたってデータを受信していません\`,
  ],
  [
    /^Check the network, and whether the storage answers\\. The run tries again by itself for --patience \\(5 min\\), then it pauses and ends with exit 6; after the pause \\(5 min\\), the same command continues it\\.$/,
    () =>
      "ネットワークと、ストレージが応答するかどうかを確認してください。--patience の時間（5 分）は自動的に再試行し、それを過ぎると一時停止して終了コード 6 で終わります。一時停止（5 分）の後に同じコマンドを実行すると、続きから再開します。",
  ],
  [
    /^High memory usage: (.+), more than (.+)$/,
    (value, limit) => \`メモリの使用量が多くなっています: \${value}（上限 \${limit}）\`,
  ],
  [
    /^The library's disk is (.+) full, more than (.+)$/,
    (value, limit) => \`ライブラリのディスク使用率が \${value} です（上限 \${limit}）\`,
  ],
  [
    /^The library is gone: it is not in its folder, and no command works there$/,
    () => "ライブラリがありません。フォルダーに見つからないため、どのコマンドもその場所では動作しません",
  ],
  [
    /^The check (\\S+) of doctor fails: (.*)$/s,
    (check, found) => \`自動点検（\${check}）で問題が見つかりました: \${found}\`,
  ],
  [
    /^Run civitai-dl doctor --only (\\S+), which says what to do next\\.$/,
    (check) => ["civitai-dl doctor --only", check, "を実行し、表示される手順に従ってください。"].join(" "),
  ],
  [
    /^The rollout of an engine was aborted, or its measurements fail; downloads go on with the stable engine$/,
    () =>
      "エンジンの段階的ロールアウトが中止されたか、測定に失敗しています。ダウンロードは stable エンジンで続いています",
  ],
  [
    /^The last run failed: (.+), exit (.+)$/,
    (command, exit) =>
      exit === "killed"
        ? \`前回の実行（\${command}）は途中で強制終了されました\`
        : \`前回の実行（\${command}）は終了コード \${exit} で失敗しました\`,
  ],
  [
    /^The last line of logs\\/download\\.log says why and what to do; then run the same command again, it continues\\.$/,
    () =>
      "理由と対処方法は logs/download.log の最後の行にあります。対処した後、同じコマンドをもう一度実行してください。続きから再開します。",
  ],
  [
    /^The nightly job has not succeeded for (.+)$/,
    (span) => \`夜間のジョブが \${time(span)}にわたって一度も成功していません\`,
  ],
  [
    /^Look whether the timer runs, and at the end of logs\\/download\\.log; silence the alert if the job was given up\\.$/,
    () =>
      "タイマーが動いているかどうかと、logs/download.log の末尾を確認してください。ジョブをやめた場合は、サイレンスで通知を止めてください。",
  ],
  [/^The service refuses the API key from (.+)$/, (origin) => \`サービスが \${origin} の API キーを拒否しています\`],
  [
    /^Create a new API key at https:\\/\\/civitai\\.com\\/user\\/account, put it in place of that one, and run again\\.$/,
    () =>
      "https://civitai.com/user/account で新しい API キーを作成し、そのキーと置き換えてから、もう一度実行してください。",
  ],
  [
    /^The disk is at its reserve: downloads leave out what does not fit$/,
    () => "ディスクの空きが予備の容量に達しました。入らないファイルは取得していません",
  ],
  [
    /^Free some space, the live page says how much; or lower --reserve\\. Then run the same command again\\.$/,
    () =>
      "空き容量を増やす（必要な量はライブページに表示されます）か、--reserve を小さくしてから、同じコマンドをもう一度実行してください。",
  ],
  [
    /^The disk will be at its reserve in (.+) if it goes on filling$/,
    (span) => \`このまま増え続けると、ディスクの空きは \${time(span)}で予備の容量に達します\`,
  ],
  [
    /^Find out what fills the disk, and free some space before downloads stop\\.$/,
    () => "何がディスクを使っているかを調べ、ダウンロードが止まる前に空き容量を増やしてください。",
  ],
  [
    /^Look at (.+); after a fix, (.+) begins again, rollout end forgets it\\.$/,
    (status, retry) =>
      \`\${status} で状態を確認してください。修正した後は \${retry} で最初からやり直せます。取りやめる場合は civitai-dl rollout end を実行してください。\`,
  ],
  [
    /^Wait if one host has trouble, the engine slows down by itself; make a new API key if the class is login or forbidden\\.$/,
    () =>
      "特定のホストだけの障害であれば、そのままお待ちください（自動的に速度を落とします）。失敗の種類がログインや権限の場合は、API キーを作り直してください。",
  ],
  [
    /^Look at the network; if one host only is slow, lower --max-connections\\. Downloads go on where they stood\\.$/,
    () =>
      "ネットワークを確認してください。特定のホストだけが遅い場合は --max-connections の値を小さくしてください。ダウンロードは続きから再開します。",
  ],
  [
    /^Stop the run with Ctrl-C and start it again, nothing is lost; report it if memory grows again\\.$/,
    () =>
      "Ctrl-C で停止し、もう一度実行してください（取得済みのデータは失われません）。再びメモリの使用量が増える場合は報告してください。",
  ],
  [
    /^Mount its disk; if it was moved, name its new folder\\. The monitor and the next run go on by themselves\\.$/,
    () =>
      "ディスクをマウントしてください。移動した場合は移動先のフォルダーを指定します。モニターと次の実行は自動的に再開します。",
  ],
  [
    /^Free some space, or move the library to a larger disk; downloads stop by themselves at the reserve\\.$/,
    () =>
      "空き容量を増やすか、ライブラリを大きなディスクに移動してください。空き容量が予備の容量を下回ると、ダウンロードは自動的に停止します。",
  ],
  [
    /^(?:Cannot fetch|The disk has no room for) (\\d+) files? \\((.+?)\\)(?:: the disk has no room; the run continued with|; what fits is there)\\b.*$/,
    (files, size) =>
      \`ディスクの空きが足りず、\${files} 件（\${size}）を取得できませんでした。空き容量に収まるファイルの取得は続行しました。\`,
  ],
];

/** Translate a cause such as \`answers with errors (500)\`; \`null\` if it is unknown. */
export function causeInJapanese(text) {
  const [, words, status] = /^(.+?)(?: \\((\\d+)\\))?$/.exec(text) ?? [];
  if (!Object.hasOwn(CAUSES, words)) return null;
  return status === undefined ? CAUSES[words] : CAUSES[words].replace(/^エラー/, \`エラー（\${status}）\`);
}

/**
 * Translate a sentence such as \`b2.example answers with errors (500): 6 of its last 10 calls failed\`, with or without
 * the host; \`null\` if it is unknown.
 */
function explainedInJapanese(text) {
  const [, before, proof] = /^(.+?): (.+)$/.exec(text) ?? [];
  if (before === undefined) return null;
  const [, host, causeText] = /^(\\S*\\.\\S+|\\S+:\\d+) (.+)$/.exec(before) ?? [undefined, null, before];
  const cause = causeInJapanese(causeText);
  const translatedProof = sentenceInJapanese(proof);
  if (cause === null || translatedProof === null) return null;
  return host === null ? \`\${cause}（\${translatedProof}）\` : \`\${host}: \${cause}（\${translatedProof}）\`;
}

/** Translate a sentence of the program; \`null\` if it is unknown. */
export function sentenceInJapanese(text) {
  for (const [pattern, render] of PATTERNS) {
    const match = pattern.exec(text);
    if (match !== null) return render(...match.slice(1));
  }
  return explainedInJapanese(text);
}
`,
  "show_alerts.js": `import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";
import { nameCommands } from "./name_commands.js";

const TONES = { critical: "bad", warning: "warn" };
const ORDER = ["firing", "pending", "resolved"];

/** Render the notifications that a receiver has not confirmed. */
function showUndelivered({ status, words, format, now }) {
  syncList(byId("undelivered-list"), status.undelivered, {
    keyOf: ({ address, alerts, since }) => \`\${address} \${alerts} \${since}\`,
    create: createUndelivered,
    update(row, { address, alerts, state, since, retryAt, message }) {
      const { badge, place, times, reason, next } = parts(row);
      setText(badge, words.undeliveredState[state]);
      setText(place, address);
      setText(times, words.since(format.time(since, now), format.duration(now - Date.parse(since))));
      setText(reason, \`\${alerts.join(", ")}: \${message}\`);
      setText(next, retryAt === null ? words.mayHaveArrived : words.sentAgain(format.time(retryAt, now)));
    },
  });
  byId("undelivered").hidden = status.undelivered.length === 0;
}

function createUndelivered() {
  const head = make("div", "head", [part("badge", "span", "badge"), part("place", "span", "title mono")]);
  head.append(part("times", "span", "end"));
  setAttribute(head.firstElementChild, "data-tone", "warn");
  const reason = part("reason", "p", "detail");
  setAttribute(reason, "lang", "en");
  return make("li", "", [head, reason, make("p", "more", [part("next", "span", "soft")])]);
}

/** Render the alerts, the worst first. */
export function showAlerts({ status, words, format, now, translate }) {
  const rank = ({ state, severity }) => ORDER.indexOf(state) * 2 + (severity === "critical" ? 0 : 1);
  const alerts = [...status.alerts].sort((a, b) => rank(a) - rank(b));
  syncList(byId("alert-list"), alerts, {
    keyOf: ({ rule, summary }) => \`\${rule} \${summary}\`,
    create: createAlert,
    update(row, alert) {
      const { severity, rule, times, summary, value, runbook, remedy, what, advice } = parts(row);
      const isOver = alert.state === "resolved";
      setText(severity, words.severity[alert.severity] ?? alert.severity);
      setAttribute(severity, "data-tone", isOver ? "plain" : TONES[alert.severity] ?? "plain");
      setText(rule, alert.rule);
      const state = words.alertState[alert.state] ?? alert.state;
      const sinceText = format.time(alert.since, now);
      setText(times, words.alertSince(state, sinceText, format.duration(now - Date.parse(alert.since))));
      const translated = words.alertSummary(alert);
      setText(summary, translated.text);
      setAttribute(summary, "lang", translated.lang);
      // The summary usually contains the value; in that case it is not repeated.
      const measured = alert.value === null
        ? words.noData
        : words.value(alert.valueText ?? format.number(alert.value, 2));
      setText(value, alert.valueText !== null && alert.summary.includes(alert.valueText) ? "" : measured);
      value.hidden = value.textContent === "";
      const todo = translate(alert.remedy ?? "");
      setText(what, words.remedy);
      setText(advice, nameCommands(todo.text, status.commands));
      setAttribute(advice, "lang", todo.lang);
      remedy.hidden = todo.text === "" || isOver;
      showRunbook(runbook, alert, words);
    },
  });
  byId("alert-none").hidden = alerts.length > 0;
  byId("alerts").classList.toggle("empty", alerts.length + status.undelivered.length === 0);
  showUndelivered({ status, words, format, now });
}

function createAlert() {
  const head = make("div", "head", [part("severity", "span", "badge"), part("rule", "span", "title mono")]);
  head.append(part("times", "span", "end"));
  const more = make("p", "more", [part("value", "span", "soft"), part("runbook", "span", "soft")]);
  const remedy = part("remedy", "p", "remedy");
  remedy.append(part("what", "b"), " ", part("advice", "span"));
  return make("li", "", [head, part("summary", "p", "detail"), remedy, more]);
}

/** Show a link only for an HTTP URL; show a path only if the alert has no remedy. */
function showRunbook(place, { rule, runbook, remedy }, words) {
  const isLink = runbook !== null && /^https?:\\/\\//i.test(runbook);
  const link = place.querySelector("a");
  if (!isLink) {
    setText(place, runbook === null || remedy !== null ? "" : \`\${words.runbook}: \${runbook}\`);
    return;
  }
  const anchor = link ?? make("a");
  if (link === null) place.replaceChildren(anchor);
  setAttribute(anchor, "href", runbook);
  setAttribute(anchor, "target", "_blank");
  setAttribute(anchor, "rel", "noopener noreferrer");
  setAttribute(anchor, "aria-label", words.runbookOf(rule));
  setText(anchor, words.runbook);
}
`,
  "show_breakers.js": `import { ahead } from "./headline.js";
import { HOST_TONES, hostLimit, hostRows, hostState } from "./hosts.js";
import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** Render the hosts: those that block calls first, then those that fail or are slow. */
export function showBreakers({ status, words, format, now, translate }) {
  const rows = hostRows(status);
  syncList(byId("breaker-list"), rows, {
    keyOf: ({ key }) => key,
    create: createRow,
    update(row, shown) {
      const { state, key, calls, reason, speed, limit, times } = parts(row);
      const { breaker, host } = shown;
      const name = hostState(shown);
      setText(state, words.hostState[name]);
      setAttribute(state, "data-tone", HOST_TONES[name]);
      setText(key, shown.key);
      row.dataset.state = breaker?.state ?? "closed";
      setText(calls, breaker === null ? "" : words.breakerCalls(format.number(breaker.failures), breaker.calls));
      const isOpen = breaker !== null && breaker.state !== "closed";
      const translated = translate(isOpen && breaker.reason !== null ? breaker.reason : "");
      setText(reason, translated.text);
      setAttribute(reason, "lang", translated.lang);
      reason.hidden = translated.text === "";
      setText(speed, host === null || host.ratio === null ? "" : words.speedOf(host, format));
      speed.hidden = speed.textContent === "";
      setText(limit, hostLimit(shown, { words, format, now }));
      limit.hidden = limit.textContent === "";
      setText(times, isOpen ? timesOf(breaker, { words, format, now }) : "");
      times.hidden = !isOpen;
    },
  });
  byId("breaker-none").hidden = rows.length > 0;
  byId("breakers").classList.toggle("empty", rows.length === 0);
}

function timesOf(breaker, { words, format, now }) {
  const since = words.since(format.time(breaker.since, now), format.duration(now - Date.parse(breaker.since)));
  if (breaker.state !== "open") return since;
  const untilMs = ahead(breaker.until, now);
  // After the wait, the next request tries the host.
  const due = untilMs === null
    ? words.triesNext
    : words.opensAgain(format.clock(untilMs), format.duration(untilMs - now));
  return \`\${since} · \${due}\`;
}

function createRow() {
  const head = make("div", "head", [part("state", "span", "badge"), part("key", "span", "title")]);
  head.append(part("calls", "span", "end"));
  const lines = [part("reason", "p", "detail"), part("speed", "p", "soft small"), part("limit", "p", "soft small")];
  return make("li", "", [head, ...lines, part("times", "p", "soft small")]);
}
`,
  "show_downloads.js": `import { ahead } from "./headline.js";
import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** Render the files that are being downloaded. */
export function showDownloads({ status, words, format, now, translate }) {
  const { downloads } = status;
  syncList(byId("download-list"), downloads, {
    keyOf: ({ path }) => path,
    create: createDownload,
    update(row, download) {
      const { bytes, totalBytes, bytesPerSecond } = download;
      const cells = parts(row);
      const cut = download.path.lastIndexOf("/") + 1;
      setText(cells.name, download.path.slice(cut));
      setText(cells.folder, download.path.slice(0, Math.max(0, cut - 1)));
      setText(cells.host, download.host ?? words.unknownHost);
      setText(cells.connections, words.connections(download.connections));
      const why = whyWaiting(download.waiting, { words, format, now, translate });
      setText(cells.speed, why === null ? format.speed(bytesPerSecond) : words.waits);
      setText(cells.why, why?.text ?? "");
      setAttribute(cells.why, "lang", why?.lang ?? null);
      cells.why.hidden = why === null;
      row.dataset.waits = String(why !== null);
      const isKnown = totalBytes !== null && totalBytes > 0;
      const share = isKnown ? Math.min(1, bytes / totalBytes) : null;
      const size = isKnown ? words.ofTotal(format.bytes(bytes), format.bytes(totalBytes)) : format.bytes(bytes);
      setText(cells.size, size);
      setText(cells.share, share === null ? "" : format.percent(Math.floor(share * 100) / 100));
      const leftMs = isKnown && bytesPerSecond > 0 ? (totalBytes - bytes) / bytesPerSecond * 1000 : null;
      setText(cells.left, leftMs === null ? "" : words.left(format.duration(leftMs)));
      showProgress(cells.track, share, words.progressOf(download.path.slice(cut)));
    },
  });
  setText(byId("download-count"), downloads.length === 0 ? "" : format.number(downloads.length));
  byId("download-none").hidden = downloads.length > 0;
  byId("downloads").classList.toggle("empty", downloads.length === 0);
}

/** Why no bytes arrive and until when, or \`null\`. A reason is a class of failure or a sentence. */
function whyWaiting(waiting, { words, format, now, translate }) {
  if (waiting === null) return null;
  const untilMs = ahead(waiting.until, now);
  const until = untilMs === null
    ? words.triesNext
    : words.opensAgain(format.clock(untilMs), format.duration(untilMs - now));
  const isClass = Object.hasOwn(words.classes, waiting.reason);
  const { text, lang } = isClass ? { text: words.classes[waiting.reason], lang: null } : translate(waiting.reason);
  return { text: \`\${words.waitsFor(text)} · \${until}\`, lang };
}

function createDownload() {
  const what = make("div", "what", [part("name", "div", "title"), part("folder", "div", "soft small")]);
  const from = make("div", "from", [part("connections", "div"), part("host", "div")]);
  const amount = make("div", "amount", [part("size", "div"), part("left", "div", "soft small")]);
  const pace = make("div", "pace", [part("speed", "div", "title"), part("share", "div", "soft small")]);
  const track = part("track", "div", "track");
  track.append(make("div", "bar-fill"));
  return make("li", "download", [what, from, amount, pace, part("why", "div", "why"), track]);
}

function showProgress(track, share, label) {
  setAttribute(track, "role", "progressbar");
  setAttribute(track, "aria-label", label);
  // A progress bar without a value is announced as indeterminate.
  setAttribute(track, "aria-valuenow", share === null ? null : String(Math.floor(share * 100)));
  setAttribute(track, "aria-valuemin", "0");
  setAttribute(track, "aria-valuemax", "100");
  track.firstElementChild.style.width = \`\${(share ?? 0) * 100}%\`;
}
`,
  "show_events.js": `import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";
import { toneOfEvent } from "./event_tone.js";
import { fold } from "./fold.js";

const SHOWN = 8;

/** Render the recent events, the newest first; the older ones are collapsed. */
export function showEvents({ status, words, format, now, translate }) {
  const { events } = status;
  const update = (row, event) => {
    const cells = parts(row);
    // A host whose breaker was forgotten counts as working.
    const isOut = (name) => status.breakers.some(({ key, state }) => key === name && state !== "closed");
    const text = words.happened[event.type](event, {
      format,
      count: (value) => format.number(value),
      time: (iso) => format.time(iso, now),
      span: (from, until) => format.duration(Date.parse(until) - Date.parse(from)),
      isOut,
      translate,
      failure: (name) => words.classes[name] ?? name,
    });
    setText(cells.time, format.time(event.time, now));
    setText(cells.text, text);
    setAttribute(row, "data-tone", toneOfEvent(event, isOut));
  };
  const options = { keyOf: ({ type, time, key, host }) => \`\${type} \${time} \${key ?? host ?? ""}\`, create, update };
  syncList(byId("event-list"), events.slice(0, SHOWN), options);
  fold(byId("event-more"), events.length - SHOWN, words);
  syncList(byId("event-rest"), events.slice(SHOWN), options);
  byId("event-none").hidden = events.length > 0;
  byId("events").classList.toggle("empty", events.length === 0);
}

function create() {
  return make("li", "event", [part("time", "span", "soft"), part("text", "span", "detail")]);
}
`,
  "show_failures.js": `import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";
import { fold } from "./fold.js";
import { nameCommands } from "./name_commands.js";

const SHOWN = 4;

/** Render the recent failures by kind, and what to do about them; the files are collapsed. */
export function showFailures(view) {
  const { status, words, format } = view;
  const { failureGroups } = status;
  const options = {
    keyOf: ({ class: name, since, message }) => \`\${name} \${since} \${message.slice(0, 20)}\`,
    create: createGroup,
    update: (row, group) => updateGroup(row, group, view),
  };
  syncList(byId("failure-list"), failureGroups.slice(0, SHOWN), options);
  fold(byId("failure-more"), failureGroups.length - SHOWN, words);
  syncList(byId("failure-rest"), failureGroups.slice(SHOWN), options);
  const files = failureGroups.reduce((sum, group) => sum + group.files, 0);
  setText(byId("failure-count"), failureGroups.length === 0 ? "" : words.fileCount(files, format.number(files)));
  byId("failure-none").hidden = failureGroups.length > 0;
  byId("failures").classList.toggle("empty", failureGroups.length === 0);
}

function updateGroup(row, group, { status, words, format, now, foreign }) {
  const cells = parts(row);
  const meaning = Object.hasOwn(words.meanings, group.class) ? words.meanings[group.class] : "";
  setText(cells.class, words.classes[group.class] ?? group.class);
  setText(cells.files, words.failedFiles(group.files, format.number(group.files), format.number(group.tries)));
  setText(cells.time, format.time(group.time, now));
  setText(cells.meaning, meaning);
  cells.meaning.hidden = meaning === "";
  setText(cells.message, group.message);
  setAttribute(cells.message, "lang", foreign);
  cells.remedy.hidden = group.remedy === "";
  setText(cells.what, words.remedy);
  const translated = Object.hasOwn(words.remedies, group.class) ? words.remedies[group.class] : null;
  setText(cells.advice, nameCommands(translated ?? group.remedy, status.commands));
  setAttribute(cells.advice, "lang", translated === null ? foreign : null);
  cells.fold.hidden = group.paths.length === 0;
  setText(cells.label, words.whichFiles(group.files, format.number(group.files)));
  syncList(cells.paths, group.paths, {
    keyOf: (path) => path,
    create: () => make("li", "small"),
    update: (item, path) => setText(item, path),
  });
  const hidden = group.files - group.paths.length;
  cells.left.hidden = hidden <= 0;
  setText(cells.left, hidden <= 0 ? "" : words.andMore(hidden, format.number(hidden)));
}

function createGroup() {
  const head = make("div", "head", [part("class", "span", "badge"), part("files", "span", "title")]);
  head.append(part("time", "span", "end"));
  const remedy = part("remedy", "p", "remedy");
  remedy.append(part("what", "b"), " ", part("advice", "span"));
  const folded = part("fold", "details", "fold");
  folded.append(part("label", "summary"), part("paths", "ul", "paths"), part("left", "p", "soft small"));
  return make("li", "", [
    head,
    part("meaning", "p", "detail"),
    part("message", "p", "detail soft clamp"),
    remedy,
    folded,
  ]);
}
`,
  "show_headline.js": `import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";
import { findingsOf, isAllWell } from "./headline.js";
import { nameCommands } from "./name_commands.js";

/**
 * Render the worst finding with its remedy, then the progress of the run, then the other problems. Returns the tone of
 * the worst finding.
 */
export function showHeadline(view) {
  const { status, words, now } = view;
  const findings = findingsOf(status, now);
  const [first, ...rest] = findings;
  const { text, todo } = sayFinding(first, view);
  const box = byId("headline");
  setAttribute(box, "data-tone", first.tone);
  setText(byId("headline-tone"), words.tones[first.tone]);
  setText(byId("headline-text"), isAllWell(findings) ? \`\${text}\${words.allWell}\` : text);
  showTodo(byId("headline-todo"), todo, words);
  showRun(view);
  syncList(byId("also-list"), rest.filter(hasOwnLine), {
    keyOf: ({ kind, rule }) => \`\${kind} \${rule ?? ""}\`,
    create: createAlso,
    update(row, finding) {
      const cells = parts(row);
      const sentence = sayFinding(finding, view);
      setText(cells.tone, words.tones[finding.tone]);
      setAttribute(cells.tone, "data-tone", finding.tone);
      setText(cells.text, sentence.text);
      // A slower mode is a consequence of the first finding, whose remedy is already shown.
      showTodo(cells.todo, finding.kind === "lowered" ? "" : sentence.todo, words);
    },
  });
  byId("also-list").hidden = byId("also-list").children.length === 0;
  return first.tone;
}

/** Whether a finding gets its own line. Alerts do not, because their card is directly below. */
export function hasOwnLine({ kind, tone }) {
  return kind !== "alert" && (tone === "bad" || tone === "warn");
}

function createAlso() {
  return make("li", "", [
    part("tone", "span", "badge"),
    part("text", "span", "also-text"),
    part("todo", "p", "remedy"),
  ]);
}

/** The text of a finding, and its remedy, which is \`""\` if there is none. */
export function sayFinding(finding, view) {
  const { text, todo } = view.words.findings[finding.kind](finding, formatters(view));
  const { commands } = view.status;
  return { text: nameCommands(text, commands), todo: nameCommands(todo, commands) };
}

/** The functions that messages use to format numbers and times, and to translate sentences of the program. */
function formatters({ words, format, now, translate }) {
  return {
    format,
    count: (value) => format.number(value),
    left: (until) => format.duration(until - now),
    time: (iso) => format.time(iso, now),
    translate,
    remedy: (name, english) => words.remedies[name] ?? english,
    failure: (name) => words.classes[name] ?? name,
  };
}

function showTodo(node, todo, words) {
  node.hidden = todo === "";
  if (node.children.length === 0) node.replaceChildren(make("b"), " ", make("span"));
  setText(node.children[0], words.remedy);
  setText(node.children[1], todo);
}

/** Mode, files, bytes and time left in words; if no downloader runs, how the last run ended. */
export function runWords(view) {
  const { status, words, format } = view;
  const { run, mode, throughput } = status;
  const isFetching = run !== null && run.phase === "fetching";
  const facts = [
    words.modeIs(mode.name),
    ...status.processes === 0 ? [words.lastRun(status.lastRun, formatters(view))] : [],
    ...isFetching ? [words.filesOf(format.number(run.doneFiles), format.number(run.files))] : [],
    ...isFetching && run.bytes > 0 ? [words.ofTotal(format.bytes(run.doneBytes), format.bytes(run.bytes))] : [],
    ...isFetching && run.failedFiles > 0 ? [words.failedSoFar(run.failedFiles, format.number(run.failedFiles))] : [],
    ...status.processes > 0 && isFetching ? [format.speed(throughput.bytesPerSecond)] : [],
    ...isFetching && run.leftMs !== null ? [words.left(format.duration(run.leftMs))] : [],
  ];
  return facts.join(" · ");
}

/** Render what \`runWords\` says, with a progress bar. */
function showRun(view) {
  const { status, words } = view;
  const { run } = status;
  const isFetching = run !== null && run.phase === "fetching";
  setText(byId("run-words"), runWords(view));
  const track = byId("run-track");
  track.hidden = !isFetching;
  if (!isFetching) return;
  const percent = Math.min(100, Math.floor(shareOf(run) * 100));
  setAttribute(track, "role", "progressbar");
  setAttribute(track, "aria-label", words.runProgress);
  setAttribute(track, "aria-valuemin", "0");
  setAttribute(track, "aria-valuemax", "100");
  setAttribute(track, "aria-valuenow", String(percent));
  track.firstElementChild.style.width = \`\${percent}%\`;
}

/**
 * The progress by bytes if they are known, otherwise by files: a plan may consist only of files without a stated size.
 */
function shareOf({ bytes, doneBytes, files, doneFiles }) {
  if (bytes > 0) return doneBytes / bytes;
  return files > 0 ? doneFiles / files : 0;
}
`,
  "show_mode.js": `import { RUNGS } from "./rungs.js";
import { ahead } from "./headline.js";
import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** Render the list of modes, with the current one marked. */
export function showMode({ status, words, format, now, translate }) {
  const { name, since, reason, ceiling, nextCheck } = status.mode;
  syncList(byId("ladder"), RUNGS, {
    keyOf: (rung) => rung,
    create: createRung,
    update(row, rung) {
      const isCurrent = rung === name;
      const { words: label, tag } = parts(row);
      setAttribute(row, "aria-current", isCurrent ? "step" : null);
      setText(label, words.rungs[rung]);
      const tags = [isCurrent ? words.now : "", rung === ceiling && rung !== "turbo" ? words.ceiling : ""];
      setText(tag, tags.filter((text) => text !== "").join(" · "));
      tag.hidden = tag.textContent === "";
    },
  });
  const translated = translate(reason);
  setText(byId("mode-reason"), translated.text);
  setAttribute(byId("mode-reason"), "lang", translated.lang);
  const sinceText = words.since(format.time(since, now), format.duration(now - Date.parse(since)));
  const nextMs = ahead(nextCheck, now);
  const next = nextMs === null ? "" : \` · \${words.nextCheck(format.clock(nextMs), format.duration(nextMs - now))}\`;
  setText(byId("mode-times"), \`\${sinceText}\${next}\`);
}

function createRung(rung) {
  const pip = make("span", "pip");
  pip.setAttribute("aria-hidden", "true");
  const name = make("span", "name", [rung]);
  name.lang = "en";
  const row = make("li", "rung", [pip, name, part("words", "span", "words"), part("tag", "span", "badge")]);
  row.dataset.name = rung;
  return row;
}
`,
  "show_throughput.js": `import { byId, make, setAttribute, setText } from "./dom.js";
import { drawSparkline, sparkLabels } from "./sparkline.js";

/** Render the speed of all downloads together, and its history. */
export function showThroughput({ status, words, format }) {
  const { bytesPerSecond, history, tickMs } = status.throughput;
  const { number, unit } = format.size(bytesPerSecond);
  const figure = byId("speed");
  if (figure.children.length === 0) figure.replaceChildren(make("span", "number"), make("span", "unit"));
  setText(figure.children[0], number);
  setText(figure.children[1], \`\${unit}/s\`);
  const peak = Math.max(0, ...history);
  drawSparkline(byId("spark"), history, words.spark(format.speed(bytesPerSecond), format.speed(peak)));
  const labels = sparkLabels(history);
  const isSpanKnown = tickMs !== undefined && labels.from !== null;
  const span = isSpanKnown ? words.ago(format.duration(tickMs * (history.length - 1))) : "";
  place(byId("spark-from"), span, labels.from ?? {});
  place(byId("spark-now"), history.length > 1 ? words.now : "", { right: 0 });
  place(byId("spark-peak"), peak > 0 ? words.peak(format.speed(peak)) : "", labels.peak);
  byId("throughput").classList.toggle("empty", peak === 0 && bytesPerSecond === 0);
}

/** Place a label at its point: \`left\` and \`right\` are fractions of the chart's width. */
function place(label, text, { left, right }) {
  setText(label, text);
  setAttribute(label, "data-side", left === undefined ? "right" : "left");
  label.style.left = left === undefined ? "" : \`\${left * 100}%\`;
  label.style.right = right === undefined ? "" : \`\${right * 100}%\`;
}
`,
  "show_totals.js": `import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** Render the content of the library, and disk, memory and processes of the machine. */
export function showTotals({ status, words, format, now }) {
  const { library, disk, memory, processes, checks } = status;
  const states = Object.entries(library?.byState ?? {}).filter(([, count]) => count > 0);
  const facts = library === null ? [{ name: words.library, value: words.noLibrary }] : [
    { name: words.files, value: format.number(library.files) },
    { name: words.size, value: format.bytes(library.bytes) },
    ...states.map(([state, count]) => ({ name: words.states[state] ?? state, value: format.number(count) })),
  ];
  facts.push(
    disk.usedPercent === null ? { name: words.disk, value: words.unknownForNow } : {
      name: words.disk,
      value: words.diskUse(format.percent(disk.usedPercent / 100), format.bytes(disk.freeBytes)),
      percent: disk.usedPercent,
    },
  );
  if (memory.rssBytes !== null) facts.push({ name: words.memory, value: format.bytes(memory.rssBytes) });
  facts.push({ name: words.processes, value: format.number(processes) });
  if (checks !== null) {
    const names = checks.failing.map(({ name }) => name);
    facts.push({ name: words.checks, value: words.checked(names, format.time(checks.checkedAt, now)) });
  }
  syncList(byId("total-list"), facts, {
    keyOf: ({ name }) => name,
    create: createFact,
    update(row, fact) {
      const { name, value, track } = parts(row);
      setText(name, fact.name);
      setText(value, fact.value);
      const isBar = fact.percent !== undefined;
      track.hidden = !isBar;
      row.classList.toggle("bar-fact", isBar);
      if (!isBar) return;
      setAttribute(track, "data-tone", fact.percent >= 90 ? "bad" : fact.percent >= 80 ? "warn" : "plain");
      track.firstElementChild.style.width = \`\${Math.min(100, Math.max(0, fact.percent))}%\`;
    },
  });
}

function createFact() {
  const value = make("dd", "", [part("value")]);
  // The number next to it says the same, so the bar is hidden from screen readers.
  const track = part("track", "div", "track");
  track.setAttribute("aria-hidden", "true");
  track.append(make("div", "bar-fill"));
  value.append(track);
  return make("div", "", [part("name", "dt"), value]);
}
`,
  "sparkline.js": `const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 100;
/** Up to this share of the width, the label of the first point has room beside that of the last one. */
const YOUNG_SHARE = 0.8;

/** The curve and the area below it as SVG paths, the newest point at the right edge. */
export function sparkPaths(history, slots = 120) {
  const points = history.length === 1 ? [history[0], history[0]] : history;
  if (points.length === 0) return { curve: "", area: "", peak: 0 };
  const peak = Math.max(...points);
  const step = WIDTH / (Math.max(slots, points.length) - 1);
  const left = WIDTH - step * (points.length - 1);
  const place = (value, index) => {
    const y = HEIGHT - (peak > 0 ? Math.max(0, value) / peak * (HEIGHT - 8) : 0) - 1;
    return \`\${(left + index * step).toFixed(1)} \${y.toFixed(1)}\`;
  };
  const curve = \`M\${points.map(place).join("L")}\`;
  return { curve, area: \`\${curve}L\${WIDTH} \${HEIGHT}L\${left.toFixed(1)} \${HEIGHT}Z\`, peak };
}

/**
 * Positions of the labels of the first point and of the peak, as fractions of the width: from the left edge in the left
 * half, from the right edge in the right half, so that no text leaves the chart. \`from\` is \`null\` while the chart is so
 * young that its first point is where the label of the last one is.
 */
export function sparkLabels(history, slots = 120) {
  const points = Math.max(2, history.length);
  const first = 1 - (points - 1) / (Math.max(slots, points) - 1);
  const highest = history.length === 0 ? 0 : history.lastIndexOf(Math.max(...history));
  const peak = first + (1 - first) * highest / (points - 1);
  const side = (share) => share <= 0.5 ? { left: share } : { right: 1 - share };
  return { from: first > YOUNG_SHARE ? null : side(first), peak: side(peak) };
}

/** Draw the curve into an element. */
export function drawSparkline(box, history, label) {
  let picture = box.firstElementChild;
  if (picture === null) {
    picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", \`0 0 \${WIDTH} \${HEIGHT}\`);
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("role", "img");
    for (const name of ["area", "curve"]) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", name);
      path.setAttribute("vector-effect", "non-scaling-stroke");
      picture.append(path);
    }
    box.append(picture);
  }
  const { curve, area } = sparkPaths(history);
  picture.setAttribute("aria-label", label);
  picture.children[0].setAttribute("d", area);
  picture.children[1].setAttribute("d", curve);
}
`,
  "theme.css": `/* Colors and type. Every pair of text and background has a contrast of 4.5 or more, in both themes. */
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f5f7, #0d1014);
  --card: light-dark(#ffffff, #151a20);
  --raised: light-dark(#eef1f5, #1d242c);
  --line: light-dark(#dce1e7, #2a323c);
  --text: light-dark(#1a1f26, #e4e9ef);
  --soft: light-dark(#55606d, #9aa6b3);
  --accent: light-dark(#1d5fbf, #78b4ff);
  --accent-ground: light-dark(#e6effb, #14273f);
  --fill: light-dark(#2f7de1, #4d94ee);
  --good: light-dark(#12682f, #74d394);
  --good-ground: light-dark(#e2f3e6, #12291a);
  --warn: light-dark(#7a4a00, #efc15c);
  --warn-ground: light-dark(#fdf0d0, #33270b);
  --warn-fill: light-dark(#c98a10, #d9a02c);
  --bad: light-dark(#a3190f, #ff9e95);
  --bad-ground: light-dark(#fde8e6, #3d1714);
  --bad-fill: light-dark(#d0342a, #f0645a);
  --plain-ground: light-dark(#e9edf1, #232b34);
  --shadow: 0 1px 2px light-dark(rgb(20 30 40 / 6%), transparent);
  --sans:
    -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "Hiragino Sans",
    "Yu Gothic UI", "Noto Sans JP", "Noto Sans CJK JP", Meiryo, "IPAexGothic", "IPAGothic", system-ui, sans-serif;
  --mono: ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
:root[data-theme="light"] {
  color-scheme: light;
}
:root[data-theme="dark"] {
  color-scheme: dark;
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 14px/1.45 var(--sans);
  font-variant-numeric: tabular-nums;
}
:lang(ja) {
  line-break: strict;
}
h1,
h2,
p,
ul,
ol,
dl,
dd,
fieldset {
  margin: 0;
  padding: 0;
}
ul,
ol {
  list-style: none;
}
a {
  color: var(--accent);
  text-underline-offset: 2px;
}
:focus-visible,
.choice input:focus-visible + span {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
  border-radius: 4px;
}
main:focus {
  outline: none;
}
code,
.mono {
  font-family: var(--mono);
  font-size: 0.92em;
}
.soft {
  color: var(--soft);
}
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media (prefers-reduced-motion: no-preference) {
  .bar-fill,
  .spark path {
    transition: width 0.4s ease-out, opacity 0.3s;
  }
}
`,
};
