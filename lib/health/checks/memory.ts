import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS } from "../../downloader/mod.ts";
import { collectMetrics } from "../../metrics/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** Memory of the running processes. */
export interface MemoryFacts {
  /** The largest resident memory, in MiB; `null` if no process runs. */
  readonly mebibytes: number | null;
  /** Process ids, joined by `-` with their start time. */
  readonly processes: readonly string[];
}

const WINDOW_MS = 120_000;
/** As in the built-in alert rule. */
const WARN_MEBIBYTES = 2048;

export const MEMORY_CHECK = defineCheck({
  name: "memory",
  question: "How much memory does the running process use?",
  async measure({ logs, clock, signal }: HealthPlace): Promise<MemoryFacts> {
    const { metrics, processes } = await collectMetrics({
      folder: logs,
      windowMs: WINDOW_MS,
      definitions: DOWNLOAD_METRICS,
      derived: DOWNLOAD_DERIVED,
      clock,
      signal,
    });
    return { mebibytes: metrics["memory_usage_mb"] ?? null, processes };
  },
  judge: judgeMemory,
});

/** Judge the memory that the newest line of the metrics shows. */
export function judgeMemory(
  { mebibytes, processes }: MemoryFacts,
  place: CommandPlace,
): HealthFinding {
  const figures = { mebibytes: mebibytes === null ? null : Math.round(mebibytes), processes };
  if (mebibytes === null) return finding("skipped", "no run writes metrics now", { figures });
  const state = `${Math.round(mebibytes)} MiB in the largest of ${processes.length}`;
  if (mebibytes < WARN_MEBIBYTES) return finding("ok", state, { figures });
  const pids = processes.map((process) => process.split("-")[0]);
  return finding("warn", state, {
    remedy: pids.length === 1 ? `kill -INT ${pids[0]}` : `ps -o pid,rss,args -p ${pids.join(",")}`,
    afterwards: nextCommand(place, "download"),
    advice: pids.length === 1
      ? "it stops cleanly and the next run resumes; if memory grows again, civitai-dl memory-test finds what holds it"
      : "stop the largest with Ctrl-C; if memory grows again, civitai-dl memory-test finds what holds it",
    figures,
  });
}
