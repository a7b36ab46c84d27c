import { KitError, parseDayLimits } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { readDayUse } from "../../lib/downloader/mod.ts";
import { type StatusKey, StatusReader, type StatusReaderOptions } from "../../lib/monitor/mod.ts";
import { METRIC_TABLE } from "../_frame/gauges/metric_settings.ts";
import { openKnownLibraries } from "../_frame/library/library_memory.ts";
import { readLibrary } from "../_frame/library/choose_library.ts";
import { findConfigPath } from "../_frame/settings/config_file.ts";
import { findToken } from "../_frame/settings/secrets.ts";
import { readTotals } from "../_monitor/read_totals.ts";
import type { StatusFlags } from "./status_flags.ts";

type StatusContext = Pick<
  CommandContext<Omit<StatusFlags, "watch" | "language">>,
  "flags" | "env" | "sourceOf" | "display" | "signal"
>;

/** Open what reads the status of the library and the logs that the flags name; dispose it to close the log. */
export function openStatusReader(
  context: StatusContext,
  options: Partial<Pick<StatusReaderOptions, "tickMs" | "onWarning">> = {},
): StatusReader {
  const { flags, env, display, signal } = context;
  const { tickMs, onWarning = (message) => display.notice(`warning: ${message}`) } = options;
  const library = readLibrary(flags);
  const { limitRate: rate = null, quota } = flags;
  const limits = quota === undefined ? null : parseDayLimits(quota);
  return new StatusReader({
    library,
    logs: flags.logs,
    known: openKnownLibraries(env),
    table: METRIC_TABLE,
    readTotals,
    readLimits: async (now) => ({ rate, quota: await readDayUse(library, { limits, now }) }),
    findKey: () => findKey(context),
    nameCommands: display.nameCommands,
    onWarning,
    signal,
    tickMs,
  });
}

/** Find out where the key comes from, never its value; why it cannot be read is part of the status. */
async function findKey({ flags, env, sourceOf }: StatusContext): Promise<Omit<StatusKey, "state">> {
  const source = sourceOf("token");
  try {
    const config = source === "config" ? await findConfigPath(flags.config, env) ?? undefined : undefined;
    const found = findToken({ flag: flags.token, source, file: flags.tokenFile, config, env });
    return { source: found?.origin ?? null, problem: null };
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return { source: null, problem: error.message };
  }
}
