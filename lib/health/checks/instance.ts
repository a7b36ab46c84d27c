import { join } from "node:path";
import { formatCount, formatDuration, formatSize, inspectLock, type LockState } from "../../base/mod.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
import { type ActiveProcess, readActive } from "../../monitor/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

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
  question: "Does another run hold the library, and does it move?",
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
export function judgeInstance(
  { lock, aliveAtMs, active, nowMs }: InstanceFacts,
  place: CommandPlace,
): HealthFinding {
  if (lock === null) return finding("ok", "no run has used this library yet");
  const { isHeld, holder } = lock;
  if (!isHeld) return finding("ok", "no run holds the library");
  if (holder === undefined) {
    return finding("warn", "another process holds the library, and does not say which", {
      remedy: nextCommand(place, "doctor --only instance"),
      advice: "it may just have begun: ask again in a moment",
    });
  }
  const { pid, command, since } = holder;
  const figures = { pid, command, since, aliveAt: aliveAtMs === null ? null : new Date(aliveAtMs).toISOString() };
  const who = `"${command}" (process ${pid}) holds it since ${since}`;
  if (aliveAtMs === null) return finding("ok", `${who}; it reports no progress`, { figures });
  const silentMs = nowMs - aliveAtMs;
  if (silentMs > HUNG_MS) {
    const state = `no sign of life for ${formatDuration(Math.round(silentMs / 1000) * 1000)}`;
    return finding("fail", `${who}; ${state}`, {
      remedy: `kill -CONT ${pid}`,
      afterwards: nextCommand(place, "doctor --only instance"),
      advice:
        `it wakes a run that was suspended; if it stays silent, kill -KILL ${pid} ends it, and a later run resumes`,
      figures: { ...figures, silentMs },
    });
  }
  return judgeProgress(`${who}; ${formatSize(active?.bytesPerSecond ?? 0)}/s`, active, figures, place);
}

/** A process that is alive may still get nothing, because each of its files waits for a host. */
function judgeProgress(
  state: string,
  active: ActiveProcess | null,
  figures: HealthFinding["figures"],
  place: CommandPlace,
): HealthFinding {
  const waits = active?.downloads.flatMap(({ waiting }) => waiting === null ? [] : [waiting]) ?? [];
  const isStuck = active !== null && active.bytesPerSecond === 0 && active.downloads.length > 0 &&
    waits.length === active.downloads.length;
  const more = { ...figures, bytesPerSecond: active?.bytesPerSecond ?? 0, waiting: waits.length };
  if (!isStuck) return finding("ok", state, { figures: more });
  const [{ reason, until }] = waits as [typeof waits[number]];
  return finding(
    "warn",
    `${state}; nothing arrives, ${formatCount(waits.length, "file waits", "files wait")} (${reason}) until ${until}`,
    {
      problem: "no-progress",
      remedy: nextCommand(place, "failsafe"),
      figures: more,
    },
  );
}
