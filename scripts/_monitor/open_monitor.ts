import { join, resolve } from "node:path";
import { type Heartbeat, openHeartbeat } from "../../lib/alerts/mod.ts";
import type { AppAudience, AppServer } from "../../lib/app/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { downloadMetric } from "../../lib/downloader/mod.ts";
import { catalogFile, describeGone } from "../../lib/library/mod.ts";
import {
  limitRepeats,
  type Monitor,
  type MonitorWork,
  openMonitor,
  type OpenMonitorOptions,
  saySuppressed,
  unknownChecks,
} from "../../lib/monitor/mod.ts";
import type { ExplainedProblem } from "../../lib/problems/mod.ts";
import { refuseVariables } from "../_alerts/alerts_config.ts";
import { readAlertSettings } from "../_alerts/alert_settings.ts";
import { openKnownLibraries } from "../_frame/library/library_memory.ts";
import { readLibrary } from "../_frame/library/choose_library.ts";
import { CHECK_NAMES } from "../_health/health_flags.ts";
import type { ServeFlags } from "../_serve/serve_flags.ts";
import type { MonitorFlags } from "./monitor_flags.ts";
import { readTotals } from "./read_totals.ts";

/** How long a tick waits for the receivers, in milliseconds: one that hangs must delay neither the page nor the rules. */
const RECEIVERS_MS = 1000;
const BY_HAND = { hint: "Set it with --heartbeat, or with CIVITAI_DL_HEARTBEAT" };

/** A monitor, and what serves its page. */
export interface FlaggedMonitor extends AsyncDisposable {
  /** Functions that the monitor's loop calls. */
  readonly work: MonitorWork;
  /** `undefined` without `--listen`. */
  readonly app: AppServer | undefined;
}

/**
 * Open the monitor that the flags describe.
 *
 * @returns The monitor; dispose it at the end
 * @throws {KitError} `usage` for rules or addresses that cannot be used, `unsafe` if another monitor runs
 */
export async function openFlaggedMonitor(context: CommandContext<MonitorFlags>): Promise<FlaggedMonitor> {
  await using stack = new AsyncDisposableStack();
  const { listen, token, ...page } = context.flags;
  if (listen === undefined) {
    const { work } = stack.use(await openWatching(context, undefined));
    const owned = stack.move();
    return { work, app: undefined, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  }
  const [{ AppAudience }, { openApp }] = await Promise.all([
    import("../../lib/app/mod.ts"),
    import("../_serve/open_app.ts"),
  ]);
  const audience = new AppAudience();
  const { work, sources } = stack.use(await openWatching(context, audience));
  const library = resolve(readLibrary(context.flags));
  const served = await readServeContext(context, library);
  const { app } = stack.use(await openApp(served, { listen, token, page, library, sources }));
  audience.attach(app);
  const owned = stack.move();
  return { work, app, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Read how `serve` would fetch what the page queues. The flags of a monitor say nothing of that. */
async function readServeContext(
  context: CommandContext<MonitorFlags>,
  library: string,
): Promise<CommandContext<ServeFlags>> {
  const { display, io, env, signal } = context;
  const [{ inContextOf }, { SERVE_FLAGS }] = await Promise.all([
    import("../_frame/in_context_of.ts"),
    import("../_serve/serve_flags.ts"),
  ]);
  const command = { name: "serve", flags: SERVE_FLAGS, words: sayPlace(context, library) };
  const failure = "Cannot read the settings of serve";
  const read = await inContextOf(command, { env, signal, failure }, (found) => Promise.resolve(found));
  return { ...read, display, io };
}

async function openWatching(
  context: CommandContext<MonitorFlags>,
  audience: AppAudience | undefined,
): Promise<Monitor> {
  const { flags, display, env } = context;
  const { only, interval: tickMs, logs } = flags;
  const { nameCommands } = display;
  const library = readLibrary(flags);
  const onWarning = limitWarnings(context);
  await warnOfMissing(resolve(logs), library, onWarning);
  return await openMonitor({
    library,
    logs,
    only,
    tickMs,
    known: openKnownLibraries(env),
    alerts: only === "log" ? undefined : await readAlertSettings(context, { language: "en", onWarning }),
    receiversMs: flags.once ? Infinity : RECEIVERS_MS,
    checks: await chooseChecks(context),
    audience,
    readTotals,
    nameCommands,
    onWarning,
    onMode: ({ from, to, reason }) => display.notice(`Engine mode: ${from} → ${to}: ${reason}`),
    onAdvice: (advice, { suppressed }) => display.notice(sayAdvice(advice, suppressed)),
    onGone: (gone) => display.notice(`warning: ${describeGone(gone)}`),
    onBack({ path }, { isSame }) {
      display.notice(`The library "${path}" ${isSame ? "is back" : "was forgotten or replaced on purpose"}`);
    },
  });
}

/** Open the heartbeat that the flags name; `undefined` without one. */
export function openFlaggedHeartbeat(context: CommandContext<MonitorFlags>): Heartbeat | undefined {
  const { flags: { heartbeat: url }, env, sourceOf } = context;
  const onWarning = limitWarnings(context);
  return url === undefined ? undefined : openHeartbeat(url, {
    env: sourceOf("heartbeat") === "config" ? refuseVariables("the configuration's heartbeat", BY_HAND) : env,
    onFailure: (error) => onWarning(error.message),
  });
}

function limitWarnings({ display }: Pick<CommandContext, "display">): (message: string) => void {
  return limitRepeats((message) => display.notice(`warning: ${message}`));
}

/** Choose what runs the checks of `doctor`. A monitor that runs once does without, and without their room. */
async function chooseChecks(context: CommandContext<MonitorFlags>): Promise<OpenMonitorOptions["checks"]> {
  const { flags, env } = context;
  if (flags.once || flags.only === "log") {
    return () => unknownChecks(CHECK_NAMES, { definition: downloadMetric("civitai_dl.check.failing") });
  }
  const { UnattendedChecks } = await import("../../lib/health/mod.ts");
  const library = resolve(readLibrary(flags));
  const words = [...sayPlace(context, library), ...flags.offline ? ["--offline"] : []];
  return (watchers) =>
    new UnattendedChecks({
      ...watchers,
      library,
      async inPlace({ signal }, use) {
        const { inDoctorPlace } = await import("../_health/in_doctor_place.ts");
        return await inDoctorPlace(words, { env, signal }, use);
      },
    });
}

/** The library and the logs of this monitor in words of another command. */
function sayPlace(
  { flags, sourceOf }: Pick<CommandContext<MonitorFlags>, "flags" | "sourceOf">,
  library: string,
): readonly string[] {
  return [`--library=${library}`, ...sourceOf("logs") === "default" ? [] : [`--logs=${flags.logs}`]];
}

/** Warn about missing folders: a wrong path could be watched for weeks unnoticed. */
async function warnOfMissing(logs: string, library: string, onWarning: (message: string) => void): Promise<void> {
  const exists = (path: string) => Deno.stat(path).then(() => true, () => false);
  if (!await exists(catalogFile(library))) onWarning(`There is no library at "${library}" yet`);
  if (!await exists(join(logs, "download.log"))) onWarning(`No run wrote logs to "${logs}" yet`);
}

/** Render an issue as one line and its remedy as another line. */
function sayAdvice({ problem, path, message, remedy, runbook }: ExplainedProblem, suppressed: number): string {
  const what = path === null ? "" : `${path}: `;
  return `Issue detected: ${problem}: ${what}${message}${saySuppressed(suppressed)}\n  ${remedy}; see ${runbook}`;
}
