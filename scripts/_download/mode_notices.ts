import { exists } from "@std/fs";
import { join } from "node:path";
import { AlertManager } from "../../lib/alerts/mod.ts";
import { acquireLock, type Env, KitError, machineName } from "../../lib/base/mod.ts";
import { STATE_FOLDER } from "../../lib/downloader/mod.ts";
import { tailLines } from "../../lib/journal/mod.ts";
import { type LoggedModeChange, readModeChange } from "../../lib/monitor/mod.ts";
import { openReceivers, parseRules, readRulesFile, rulesEnv } from "../_alerts/alerts_config.ts";
import { announceModeChange, modeChangeKey } from "../_alerts/mode_change.ts";

/** Where rules and receivers are. */
const RULES = "config/alerts.yml";
/** How far back the log is searched for the change that has just been written. */
const TAIL_LINES = 200;
const TAIL = { maxLineBytes: 65_536, chunkBytes: 65_536 } as const;

/** Options of {@linkcode openModeNotices}. */
export interface ModeNoticesOptions {
  /** The library's folder. */
  readonly library: string;
  /** Folder of the logs. */
  readonly logs: string;
  readonly env: Env;
  /**
   * File of rules and receivers.
   *
   * @default {"config/alerts.yml"}
   */
  readonly rules?: string;
  /** Prints what a `stdout:` receiver gets. */
  readonly print: (text: string) => void;
  readonly onWarning: (message: string) => void;
}

/** Notifies the receivers of `config/alerts.yml` of changes of the mode. */
export interface ModeNotices extends AsyncDisposable {
  /** Notify them of a change that was just logged. It returns at once. */
  readonly notify: (change: { readonly from: string; readonly to: string }) => void;
}

/**
 * Notify the receivers of changes of the mode as long as no monitor runs, which does it otherwise. Nobody is notified
 * twice of one change, even if a monitor starts later and reads it in the log.
 *
 * @param options Library, logs, and callbacks
 * @returns The notices; disposal waits for those on their way
 */
export function openModeNotices(options: ModeNoticesOptions): ModeNotices {
  let queue = Promise.resolve();
  return {
    notify(change) {
      queue = queue.then(() => notify(change, options)).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        options.onWarning(`Cannot notify the receivers of ${options.rules ?? RULES} of the new mode: ${reason}`);
      });
    },
    [Symbol.asyncDispose]: () => queue,
  };
}

async function notify(
  { from, to }: { readonly from: string; readonly to: string },
  options: ModeNoticesOptions,
): Promise<void> {
  const { library, logs, rules = RULES, onWarning, print } = options;
  const state = join(library, STATE_FOLDER, "state");
  // Without the file there are no receivers of the user's.
  if (!await exists(rules, { isFile: true }) || await isMonitored(state)) return;
  const change = await findLogged(join(logs, "download.log"), { from, to });
  if (change === undefined) return;
  const flags = { config: rules, json: true, quiet: false, verbose: false };
  const context = { flags, env: options.env, sourceOf: () => "default" as const };
  const config = parseRules(await readRulesFile(rules), rules, { env: rulesEnv(context) });
  const manager = await AlertManager.open({
    config,
    source: { names: null, read: () => [] },
    statePath: join(state, "alerts.json"),
    receivers: openReceivers(config, { ...context, io: { writeOut: print, writeErr: print } }),
    origin: { machine: machineName(), library },
    onEvent(event) {
      if (event.type === "warning") onWarning(event.message);
    },
  });
  await manager.announce(announceModeChange(change), { key: modeChangeKey(change) });
}

/** Whether a monitor holds its lock. */
async function isMonitored(state: string): Promise<boolean> {
  try {
    using _lock = await acquireLock(join(state, "monitor.lock"), { command: "download" });
    return false;
  } catch (error) {
    if (error instanceof KitError && error.code === "unsafe") return true;
    throw error;
  }
}

/** Find the newest change of this kind in the log; `undefined` if it is not in the last lines. */
async function findLogged(
  path: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<LoggedModeChange | undefined> {
  using file = await Deno.open(path);
  const decoder = new TextDecoder();
  let count = 0;
  for await (const line of tailLines(file, TAIL)) {
    if (++count > TAIL_LINES) return undefined;
    const change = line === null ? null : readModeChange(decoder.decode(line));
    if (change?.from === from && change.to === to) return change;
  }
  return undefined;
}
