import { join, resolve } from "node:path";
import { acquireLock, ensurePrivateFolder, type FileLock } from "../../base/mod.ts";
import { LogFollower } from "../../journal/mod.ts";
import { monitorLockPath, stateFolder } from "../../library/mod.ts";
import type { MonitorWork } from "../monitor_work.ts";
import { followFile } from "../status/follow_state.ts";
import { LogHistory } from "./log_history.ts";
import { LogWatch, type LogWatchOptions } from "./log_watch.ts";

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

/** Options of {@linkcode openMonitorLog}. */
export interface OpenMonitorLogOptions extends Pick<LogWatchOptions, "onAdvice" | "onMode"> {
  /** The library's folder. */
  readonly library: string;
  /** The folder of the logs. */
  readonly logs: string;
  /** Called when the log or the position in it cannot be read. */
  readonly onWarning: (message: string) => void;
}

/**
 * Open the log at the saved position, and lock out other monitors of the library.
 *
 * @returns The part, which holds the lock until it is disposed
 * @throws {KitError} `unsafe` if another monitor follows the log, or a later version wrote the state
 */
export async function openMonitorLog(options: OpenMonitorLogOptions): Promise<MonitorLog> {
  const { library, onWarning, onAdvice, onMode } = options;
  const state = resolve(stateFolder(library));
  const file = followFile(join(state, "monitor.json"));
  const logs = resolve(options.logs);
  const log = join(logs, "download.log");
  ensurePrivateFolder(state);
  using stack = new DisposableStack();
  let lock: FileLock | undefined;
  const hold = async (): Promise<void> => {
    lock ??= await acquireLock(resolve(monitorLockPath(library)), { command: "monitor" });
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
    onMode,
    onAdvice,
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
