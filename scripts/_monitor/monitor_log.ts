import { join, resolve } from "node:path";
import { acquireLock, ensurePrivateFolder, type FileLock } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { MonitorFlags } from "./monitor_flags.ts";
import { stateFolder } from "../../lib/library/mod.ts";
import { LogFollower } from "../../lib/journal/mod.ts";
import {
  followFile,
  limitRepeats,
  LogHistory,
  LogWatch,
  type MonitorWork,
  saySuppressed,
} from "../../lib/monitor/mod.ts";
import type { ExplainedProblem } from "../../lib/problems/mod.ts";
import { readLibrary } from "../_frame/session.ts";

/** The part of a monitor that follows the log. */
export interface MonitorLog extends Pick<MonitorWork, "readLog" | "save">, Disposable {
  /** Failures and events of the last day, from the logs. */
  readonly history: LogHistory;
  /** Lock out other monitors of the library, if this one does not yet. */
  readonly hold: () => Promise<void>;
  /** Let the lock go, and with it the disk: the library is gone. */
  readonly release: () => void;
}

/** Name of the monitor's own journal of alerts, in the same folder as `download.log`. */
export const MONITOR_JOURNAL_NAME = "monitor.jsonl";

/**
 * Open the log at the saved position, and lock out other monitors of the library.
 *
 * @returns The part, which holds the lock until it is disposed
 * @throws {KitError} `unsafe` if another monitor follows the log, or a later version wrote the state
 */
export async function openMonitorLog(
  { flags, display }: CommandContext<MonitorFlags>,
): Promise<MonitorLog> {
  const state = resolve(stateFolder(readLibrary(flags)));
  const file = followFile(join(state, "monitor.json"));
  const logs = resolve(flags.logs);
  const log = join(logs, "download.log");
  const onWarning = limitRepeats((message) => display.notice(`warning: ${message}`));
  ensurePrivateFolder(state);
  using stack = new DisposableStack();
  let lock: FileLock | undefined;
  const hold = async (): Promise<void> => {
    lock ??= await acquireLock(join(state, "monitor.lock"), { command: "monitor" });
  };
  const release = (): void => {
    lock?.[Symbol.dispose]();
    lock = undefined;
  };
  stack.defer(release);
  await hold();
  const known = await file.open(onWarning) ?? {};
  const follower = stack.use(new LogFollower(log, { positions: known[log], onProblem: onWarning }));
  const history = new LogHistory();
  await history.seed([log, join(logs, MONITOR_JOURNAL_NAME)], { now: Date.now() });
  const watch = new LogWatch(follower, {
    onLine: (line) => history.add(line, { now: Date.now() }),
    onMode: ({ from, to, reason }) => display.notice(`Engine mode: ${from} → ${to}: ${reason}`),
    onAdvice: (advice, { suppressed }) => display.notice(formatAdvice(advice, suppressed)),
  });
  let saved = JSON.stringify(known[log]);
  const owned = stack.move();
  return {
    history,
    hold,
    release,
    readLog: (options) => watch.poll(options),
    async save() {
      const { positions } = follower;
      const text = JSON.stringify(positions);
      if (positions === undefined || text === saved) return;
      await file.write({ ...known, [log]: positions });
      saved = text;
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/** Render an issue as one line and its remedy as another line. */
function formatAdvice({ problem, path, message, remedy, runbook }: ExplainedProblem, suppressed: number): string {
  const what = path === null ? "" : `${path}: `;
  return `Issue detected: ${problem}: ${what}${message}${saySuppressed(suppressed)}\n  ${remedy}; see ${runbook}`;
}
