import { join } from "node:path";
import { type Bilingual, formatCount, formatSize, inspectLock, type LockState, sayDuration } from "../../base/mod.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
import { type ActiveProcess, readActive } from "../../monitor/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";

/** The run that holds the library, and the sign of life that it gave last. */
export interface InstanceFacts {
  /** State of the library's lock; `null` without one. */
  readonly lock: LockState | null;
  /** When the holder last wrote its snapshot, milliseconds since the epoch; `null` if it never did. */
  readonly aliveAtMs: number | null;
  /** What it reported last. */
  readonly active: ActiveProcess | null;
  readonly nowMs: number;
}

/** A downloading process writes its snapshot every second. */
const HUNG_MS = 15_000;

export const INSTANCE_CHECK = defineCheck({
  name: "instance",
  ja: "実行中の処理",
  touches: "state",
  problem: "hung",
  measure: measureInstance,
  judge: judgeInstance,
});

/** The system releases the lock when its holder dies, so a held lock proves that the holder is alive. */
async function measureInstance({ library, clock }: HealthPlace): Promise<InstanceFacts> {
  const home = join(library, STATE_FOLDER);
  const lock = await inspectLock(join(home, "lock")).catch((error) => {
    if (error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  });
  const nowMs = clock.now();
  const pid = lock?.holder?.pid;
  if (lock === null || !lock.isHeld || pid === undefined) return { lock, aliveAtMs: null, active: null, nowMs };
  const folder = join(home, "state", "active");
  const mtime = await Deno.stat(join(folder, `${pid}.json`)).then((info) => info.mtime, () => null);
  const running = await readActive(folder, { now: nowMs, staleMs: Infinity }).catch(() => []);
  return {
    lock,
    nowMs,
    aliveAtMs: mtime?.getTime() ?? null,
    active: running.find((process) => process.pid === pid) ?? null,
  };
}

/** Judge the holder: alive without a sign of life means that it hangs or is stopped. */
export function judgeInstance({ lock, aliveAtMs, active, nowMs }: InstanceFacts): HealthFinding {
  if (lock === null) {
    return finding("skipped", {
      en: "no run has used this library yet",
      ja: "このライブラリではまだ何も実行していません",
    });
  }
  const { isHeld, holder } = lock;
  if (!isHeld) return finding("ok", { en: "no run holds the library", ja: "ライブラリを使用中の実行はありません" });
  if (holder === undefined) {
    return finding("warn", {
      en: "another process holds the library, and does not say which: it may just have begun",
      ja: "ほかのプロセスがライブラリを使用中です（プロセスは不明。開始した直後の可能性があります）",
    }, { next: "civitai-dl doctor --only instance" });
  }
  const { pid, command, since } = holder;
  const figures = { pid, command, since, aliveAt: aliveAtMs === null ? null : new Date(aliveAtMs).toISOString() };
  const who = {
    en: `"${command}" (process ${pid}) holds it since ${since}`,
    ja: `${since} から "${command}"（プロセス ${pid}）が使用中`,
  };
  if (aliveAtMs === null) {
    return finding("ok", { en: `${who.en}; it reports no progress`, ja: `${who.ja}（進捗の報告なし）` }, { figures });
  }
  const silentMs = nowMs - aliveAtMs;
  if (silentMs > HUNG_MS) {
    const span = sayDuration(Math.round(silentMs / 1000) * 1000);
    return finding("hung", {
      en: `${who.en}; no sign of life for ${span.en}`,
      ja: `${who.ja}。${span.ja}にわたって応答がありません`,
    }, {
      values: { PID: String(pid) },
      figures: { ...figures, silentMs },
    });
  }
  const speed = `${formatSize(active?.bytesPerSecond ?? 0)}/s`;
  return judgeProgress({ en: `${who.en}; ${speed}`, ja: `${who.ja}、${speed}` }, active, figures);
}

/** A process that is alive may still get nothing, because each of its files waits for a host. */
function judgeProgress(
  state: Bilingual,
  active: ActiveProcess | null,
  figures: HealthFinding["figures"],
): HealthFinding {
  const waits = active?.downloads.flatMap(({ waiting }) => waiting === null ? [] : [waiting]) ?? [];
  const isStuck = active !== null && active.bytesPerSecond === 0 && active.downloads.length > 0 &&
    waits.length === active.downloads.length;
  const more = { ...figures, bytesPerSecond: active?.bytesPerSecond ?? 0, waiting: waits.length };
  if (!isStuck) return finding("ok", state, { figures: more });
  const [{ reason, ja, until }] = waits as [typeof waits[number]];
  return finding(
    "warn",
    {
      en: `${state.en}; nothing arrives, ${
        formatCount(waits.length, "file waits", "files wait")
      } (${reason}) for the next try at ${until}`,
      ja: `${state.ja}。データが届かず、${waits.length} 件が ${until} の再試行を待っています（${ja.reason ?? reason}）`,
    },
    { next: "civitai-dl failsafe", figures: more },
  );
}
