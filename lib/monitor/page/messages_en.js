const plural = new Intl.PluralRules("en");
const count = (number, one, many) => plural.select(number) === "one" ? one : many;

/** All words of the page in English. */
export const english = {
  skip: "Skip to the facts",
  monitor: "monitor",
  language: "Language",
  theme: "Theme",
  themeAuto: "Auto",
  themeLight: "Light",
  themeDark: "Dark",
  throughput: "Throughput",
  mode: "Engine mode",
  alerts: "Alerts",
  breakers: "Circuit breakers",
  downloads: "Downloads",
  failures: "Recent failures",
  totals: "Library and machine",
  noAlerts: "No alert is pending or firing.",
  noBreakers: "No host has been called yet.",
  noDownloads: "Nothing is being downloaded. New downloads appear here by themselves.",
  noFailures: "Nothing has failed lately.",
  connecting: "Connecting…",
  live: (time) => `Live · ${time}`,
  lostShort: (time) => `Connection lost at ${time}`,
  lost: (since, from) =>
    `Connection lost, retrying since ${since}. ` +
    (from === null ? "Nothing has been received yet." : `What you see is the state of ${from}.`),
  outdated: "The monitor speaks a newer language than this page. Reload the page.",
  summary({ downloads, speed, mode, firing, processes }) {
    const work = downloads > 0
      ? `${downloads} ${count(downloads, "download", "downloads")} at ${speed}`
      : processes > 0
      ? "The downloader is running, nothing is on its way"
      : "No downloader is running";
    const trouble = firing > 0 ? `${firing} ${count(firing, "alert", "alerts")} firing` : "all quiet";
    return `${work}. Mode ${mode}, ${trouble}.`;
  },
  spark: (speed, peak) => `Curve of the throughput: now ${speed}, peak ${peak}`,
  span: (duration) => `Last ${duration}`,
  peak: (speed) => `Peak ${speed}`,
  rungs: {
    turbo: "several files, in segments",
    parallel: "several files at once",
    resilient: "one file, retries and resume",
    stable: "one file after another",
    paused: "waits for a person",
  },
  now: "now",
  ceiling: "ceiling",
  since: (time, duration) => `Since ${time} (${duration})`,
  nextCheck: (time) => `Next check at ${time}`,
  severity: { critical: "Critical", warning: "Warning", info: "Info" },
  alertState: { pending: "Pending", firing: "Firing", resolved: "Resolved" },
  alertSince: (state, time, duration) => `${state} since ${time} (${duration})`,
  value: (value) => `Value ${value}`,
  noData: "No data",
  runbook: "Runbook",
  runbookOf: (rule) => `Runbook of ${rule}`,
  breakerState: { closed: "Closed", "half-open": "Half-open", open: "Open" },
  breakerCalls: (failures, calls) => `${failures} of ${calls} failed`,
  opensAgain: (time) => `tries again at ${time}`,
  connections: (number) => `${number} ${count(number, "connection", "connections")}`,
  ofTotal: (done, total) => `${done} of ${total}`,
  left: (duration) => `${duration} left`,
  progressOf: (name) => `Progress of ${name}`,
  unknownHost: "host not known yet",
  remedy: "What to do:",
  // The program's own words are English already.
  remedies: {},
  files: "Files",
  size: "Size",
  states: {
    done: "Done",
    planned: "Planned",
    deferred: "Early access",
    refused: "Refused",
    failed: "Failed",
    quarantined: "Quarantined",
  },
  noLibrary: "No catalog yet",
  library: "Library",
  disk: "Disk",
  diskUse: (percent, free) => `${percent} used, ${free} free`,
  memory: "Memory",
  processes: "Processes",
  monitorSince: (time, duration) => `The monitor has been running since ${time} (${duration}).`,
  newsAlert: ({ severity, rule, summary }) => `${severity}: ${rule}. ${summary}.`,
  newsResolved: (rule) => `Resolved: ${rule}.`,
  newsMode: (mode, reason) => `Engine mode is now ${mode}: ${reason}.`,
  newsLost: "Connection to the monitor lost. Retrying.",
  newsLive: "Connection to the monitor restored.",
};
