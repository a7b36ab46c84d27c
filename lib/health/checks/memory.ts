import { join } from "node:path";
import { asIs, inspectLock, KitError } from "../../base/mod.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
import { loadMetrics, MetricWindow } from "../../metrics/mod.ts";
import { readActive } from "../../monitor/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { editFile } from "../shell_commands.ts";

/** Memory of the library's runs. */
export interface MemoryFacts {
  /** Runs of this library, which a kernel's lock or a private file of the library proves. */
  readonly runs: readonly { readonly pid: number; readonly mebibytes: number }[];
  /** Processes that the journal of metrics names, and that are no run of this library: anybody may write there. */
  readonly strangers: number;
  /** From how many MiB a run uses much. */
  readonly limitMebibytes: number;
}

const WINDOW_MS = 120_000;
/** As in the built-in alert rule. */
const USUAL_LIMIT_MEBIBYTES = 2048;
/** What a run usually needs. */
const USUAL_MEBIBYTES = 150;
const RULES = "config/alerts.yml";

export const MEMORY_CHECK = defineCheck({
  name: "memory",
  ja: "メモリ",
  touches: "logs",
  problem: "high-memory",
  measure: measureMemory,
  judge: judgeMemory,
});

/** Read what the runs say of their memory, and believe it only of processes that work on this library. */
async function measureMemory(place: HealthPlace): Promise<MemoryFacts> {
  const { library, logs, memoryLimitMebibytes: limitMebibytes = USUAL_LIMIT_MEBIBYTES, clock, signal } = place;
  const now = clock.now();
  const window = new MetricWindow({ horizonMs: WINDOW_MS });
  await loadMetrics(window, logs, { now, sinceMs: now - WINDOW_MS, signal });
  const known = await knownPids(library, now);
  const latest = window.latest("process.memory.usage", { now }).map(({ process, value }) => ({
    pid: Number(/^\d+/.exec(process)?.[0] ?? 0),
    mebibytes: value / 2 ** 20,
  }));
  const runs = latest.filter(({ pid }) => known.has(pid)).toSorted((a, b) => b.mebibytes - a.mebibytes);
  return { runs, strangers: latest.length - runs.length, limitMebibytes };
}

/** The holder of the library's lock, and the runs that report their progress in its private folder. */
async function knownPids(library: string, now: number): Promise<ReadonlySet<number>> {
  const home = join(library, STATE_FOLDER);
  const isAbsent = (error: unknown): boolean =>
    error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.PermissionDenied ||
    error instanceof KitError;
  const lock = await inspectLock(join(home, "lock")).catch((error) => {
    if (isAbsent(error)) return null;
    throw error;
  });
  const active = await readActive(join(home, "state", "active"), { now }).catch((error) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const holder = lock?.isHeld === true ? lock.holder?.pid : undefined;
  return new Set([...holder === undefined ? [] : [holder], ...active.map(({ pid }) => pid)]);
}

/** Judge the memory that the newest lines of the metrics show. */
export function judgeMemory({ runs, strangers, limitMebibytes }: MemoryFacts): HealthFinding {
  const [largest] = runs;
  const pids = runs.map(({ pid }) => pid);
  const figures = {
    mebibytes: largest === undefined ? null : Math.round(largest.mebibytes),
    processes: pids.map(String),
  };
  const others = strangers === 0 ? asIs("") : {
    en: `; the metrics also name ${strangers} that no run of this library is`,
    ja: `。ほかに、このライブラリの実行ではないものが ${strangers} 件、メトリクスにあります`,
  };
  if (largest === undefined) {
    return finding("skipped", {
      en: `no run reports its memory now${others.en}`,
      ja: `メモリ使用量を報告している実行はありません${others.ja}`,
    }, { figures });
  }
  const { pid, mebibytes } = largest;
  const size = `${Math.round(mebibytes)} MiB`;
  const state = { en: `${size} in process ${pid}${others.en}`, ja: `プロセス ${pid} が ${size} を使用${others.ja}` };
  if (mebibytes < limitMebibytes) return finding("ok", state, { figures });
  if (mebibytes <= USUAL_MEBIBYTES) {
    return finding("warn", {
      en: `${state.en}; the limit of ${limitMebibytes} MiB is below the usual ${USUAL_MEBIBYTES} MiB`,
      ja:
        `${state.ja}（上限の ${limitMebibytes} MiB が、通常の使用量である約 ${USUAL_MEBIBYTES} MiB より低く設定されています）`,
    }, {
      next: editFile(RULES),
      advice: {
        en: `nothing is wrong with the run: raise HighMemoryUsage in ${RULES}`,
        ja: `実行に問題はありません。${RULES} の HighMemoryUsage を引き上げてください`,
      },
      figures,
    });
  }
  return finding("high-memory", {
    en: `${state.en}; the limit is ${limitMebibytes} MiB, and about ${USUAL_MEBIBYTES} MiB is normal`,
    ja: `${state.ja}（上限は ${limitMebibytes} MiB、通常は約 ${USUAL_MEBIBYTES} MiB）`,
  }, {
    values: { PID: String(pid) },
    figures,
  });
}
