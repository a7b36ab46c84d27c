import { join, resolve } from "node:path";
import { openHeartbeat } from "../../lib/alerts/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { MonitorFlags } from "./monitor_flags.ts";
import { type ExplainedProblem, readLine } from "../../lib/problems/mod.ts";
import { catalogFile } from "../../lib/library/mod.ts";
import {
  LibraryObserver,
  limitRepeats,
  type MonitorHeartbeat,
  MonitorStatus,
  type MonitorWork,
  openMonitorLog,
  saySuppressed,
  serveStatus,
  type StatusServer,
} from "../../lib/monitor/mod.ts";
import { describeGone, type GoneLibrary, LibraryPresence } from "../../lib/library/mod.ts";
import { MonitorChecks } from "./monitor_checks.ts";
import { refuseVariables } from "../_alerts/alerts_config.ts";
import { openMonitorMetrics } from "./monitor_metrics.ts";
import { readTotals } from "./read_totals.ts";
import { openKnownLibraries } from "../_frame/library/library_memory.ts";
import { readLibrary } from "../_frame/session.ts";

/** The work of a monitor, with its heartbeat and server. */
export interface MonitorComposition extends AsyncDisposable {
  /** Functions that the monitor's loop calls. */
  readonly work: MonitorWork;
  /** Heartbeat set by `--heartbeat`. */
  readonly heartbeat: MonitorHeartbeat | undefined;
  /** Server of `--listen`; `undefined` without it. */
  readonly server: StatusServer | undefined;
}

/**
 * Open rules, metrics, log, status and server as configured by the flags, and connect them.
 *
 * @returns The composition; dispose it at the end
 * @throws {KitError} `usage` for rules or addresses that cannot be used, `unsafe` if another monitor runs
 */
export async function openMonitorWork(context: CommandContext<MonitorFlags>): Promise<MonitorComposition> {
  const { flags, display, env, sourceOf } = context;
  const { only, listen, interval: tickMs } = flags;
  const onWarning = limitRepeats((message) => display.notice(`warning: ${message}`));
  await warnOfMissing(resolve(flags.logs), readLibrary(flags), onWarning);
  await using stack = new AsyncDisposableStack();
  const presence = new LibraryPresence(resolve(readLibrary(flags)), openKnownLibraries(env));
  await presence.look(Date.now());
  const log = only === "metrics" ? undefined : stack.use(
    await openMonitorLog({
      library: readLibrary(flags),
      logs: flags.logs,
      onWarning,
      onMode: ({ from, to, reason }) => display.notice(`Engine mode: ${from} → ${to}: ${reason}`),
      onAdvice: (advice, { suppressed }) => display.notice(formatAdvice(advice, suppressed)),
    }),
  );
  const observer = new LibraryObserver(readLibrary(flags));
  const checks = new MonitorChecks(context, { observer, presence });
  const onAlertLine = (line: string) => log?.history.add(readLine(line), { now: Date.now() });
  const metrics = only === "log"
    ? undefined
    : stack.use(await openMonitorMetrics(context, { observer, presence, checks, onAlertLine }));
  const status = new MonitorStatus({
    library: resolve(readLibrary(flags)),
    tickMs,
    metrics,
    observer,
    presence,
    checks: () => checks.last,
    readTotals,
    onWarning,
    nameCommands: display.nameCommands,
    history: log?.history,
  });
  const health = { at: performance.now(), reason: null as string | null };
  let server: StatusServer | undefined;
  if (listen !== undefined) {
    await status.refresh();
    server = stack.use(
      await serveStatus({
        listen,
        token: flags.token,
        hosts: flags.host,
        redact: display.redact,
        status: () => status.document(),
        metricsText: () => metrics?.text() ?? "",
        health() {
          const isLate = performance.now() - health.at > 3 * tickMs;
          const { gone } = presence;
          const other = isLate ? "No tick ended lately" : health.reason;
          const reason = gone === null ? other : describeGone(gone);
          return { isHealthy: reason === null, reason };
        },
      }),
    );
  }
  /** What the last look found; others look too, so the presence itself does not tell. */
  let before: GoneLibrary | null = null;
  /** Look whether the library is there; returns whether that has changed. */
  const lookForLibrary = async (): Promise<boolean> => {
    const gone = await presence.look(Date.now());
    if (gone === null) {
      await log?.hold();
    } else {
      // What this process has open would keep the disk busy.
      log?.release();
      status.release();
    }
    if (gone !== null && before === null) display.notice(`warning: ${describeGone(gone)}`);
    if (gone === null && before !== null) {
      const { path, id } = before;
      display.notice(
        `The library "${path}" ${presence.id === id ? "is back" : "was forgotten or replaced on purpose"}`,
      );
    }
    const isChanged = (gone === null) !== (before === null);
    before = gone;
    return isChanged;
  };
  const work: MonitorWork = {
    async collect(now) {
      await lookForLibrary();
      await metrics?.collect(now);
    },
    evaluate: async (now) => await metrics?.evaluate(now) ?? { firing: 0 },
    async readLog(options) {
      const isChanged = await lookForLibrary();
      if (isChanged && server !== undefined) {
        await status.refresh();
        server.publish();
      }
      const found = await log?.readLog(options) ?? { lines: 0, issues: 0 };
      if (server !== undefined && server.clients > 0) {
        await status.refreshLive();
        server.publish();
      }
      return found;
    },
    // Only an alert tells of them, and a timer runs doctor itself.
    check: metrics === undefined ? undefined : (options) => checks.run(options),
    async save() {
      try {
        if (presence.gone === null) await log?.save();
      } finally {
        // The page is updated even if the position in the log cannot be saved, such as on a full disk.
        if (server !== undefined) {
          await status.refresh();
          server.publish();
        }
      }
    },
    onTickEnd(reason) {
      health.at = performance.now();
      health.reason = reason;
    },
  };
  const url = flags.heartbeat;
  const heartbeat = url === undefined ? undefined : openHeartbeat(url, {
    env: sourceOf("heartbeat") === "config" ? refuseVariables("the configuration's heartbeat", BY_HAND) : env,
    onFailure: (error) => onWarning(error.message),
  });
  const owned = stack.move();
  return {
    work,
    server,
    heartbeat,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const BY_HAND = { hint: "Set it with --heartbeat, or with CIVITAI_DL_HEARTBEAT" };

/** Warn about missing folders: a wrong path could be watched for weeks unnoticed. */
async function warnOfMissing(logs: string, library: string, onWarning: (message: string) => void): Promise<void> {
  const exists = (path: string) => Deno.stat(path).then(() => true, () => false);
  if (!await exists(catalogFile(library))) onWarning(`There is no library at "${library}" yet`);
  if (!await exists(join(logs, "download.log"))) onWarning(`No run wrote logs to "${logs}" yet`);
}

/** Render an issue as one line and its remedy as another line. */
function formatAdvice({ problem, path, message, remedy, runbook }: ExplainedProblem, suppressed: number): string {
  const what = path === null ? "" : `${path}: `;
  return `Issue detected: ${problem}: ${what}${message}${saySuppressed(suppressed)}\n  ${remedy}; see ${runbook}`;
}
