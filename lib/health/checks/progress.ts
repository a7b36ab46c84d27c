import { join } from "node:path";
import { formatCount, formatDuration, isLoopback } from "../../base/mod.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
import { type ActiveProcess, findSlowHosts, longestSilence, readActive } from "../../monitor/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** The page of a monitor says so after the same time. */
const SILENT_MS = 30_000;

/** Read what the runs of the library report about themselves. */
function measureRuns({ library, clock }: HealthPlace): Promise<readonly ActiveProcess[]> {
  return readActive(join(library, STATE_FOLDER, "state", "active"), { now: clock.now() }).catch((error) => {
    // The check "permissions" says more about it.
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  });
}

export const PROGRESS_CHECK = defineCheck({
  name: "progress",
  question: "Do bytes arrive?",
  problem: "no-progress",
  measure: measureRuns,
  judge: judgeSilence,
});

export const SPEED_CHECK = defineCheck({
  name: "speed",
  question: "Is every host as fast as usual?",
  problem: "slow-host",
  measure: measureRuns,
  judge: judgeSpeed,
});

/** Judge the silence of the runs: a host may accept requests and say nothing, which counts as no failure for long. */
export function judgeSilence(processes: readonly ActiveProcess[], place: CommandPlace): HealthFinding {
  if (processes.length === 0) return finding("skipped", "no run is under way");
  const silence = longestSilence(processes);
  if (silence === null || silence.ms < SILENT_MS) {
    return finding("ok", "bytes arrive, or nothing waits for them", { figures: { silentMs: silence?.ms ?? 0 } });
  }
  const { ms, since, hosts, files } = silence;
  const span = formatDuration(Math.round(ms / 1000) * 1000);
  const state = `no byte from ${hosts.join(", ")} since ${since} (${span}), and ${
    formatCount(files, "file waits", "files wait")
  }`;
  const [host] = hosts;
  return finding("fail", state, {
    remedy: host === undefined ? nextCommand(place, "doctor --only api,storage") : probeOf(host),
    afterwards: nextCommand(place, "failsafe"),
    advice: "if it says nothing within ten seconds, the host hangs: wait, the run goes on by itself when it answers",
    ja: { advice: "10 秒以内に応答がなければ、ホストが停止しています。応答すると自動的に続行します" },
    figures: { silentMs: ms, since, files, hosts },
  });
}

function probeOf(host: string): string {
  const scheme = isLoopback(new URL(`http://${host}`).hostname) ? "http" : "https";
  return `curl -sSI --max-time 10 ${scheme}://${host}`;
}

/** Judge the speed of the hosts of the runs against what each of them usually does. */
export function judgeSpeed(processes: readonly ActiveProcess[], place: CommandPlace): HealthFinding {
  if (processes.length === 0) return finding("skipped", "no run is under way");
  const slow = findSlowHosts(processes).toSorted((a, b) => a.ratio - b.ratio);
  const figures = { slow: slow.map(({ host }) => host), ratio: slow[0]?.ratio ?? null };
  if (slow.length === 0) return finding("ok", "no host is far slower than usual", { figures });
  const states = slow.map(({ host, ratio, since, limit }) => {
    const at = limit === null || limit.value >= limit.ceiling ? "" : `, limit ${limit.value} of ${limit.ceiling}`;
    return `${host}: ${shareOf(ratio)} of its usual speed since ${since}${at}`;
  });
  return finding("warn", states.join("; "), {
    problem: "slow-host",
    remedy: nextCommand(place, "failsafe"),
    advice: "wait: the speed comes back with the host; if every host is slow, check what else uses the line",
    figures,
  });
}

function shareOf(ratio: number): string {
  return ratio <= 0 ? "nothing" : `1/${Math.round(1 / ratio)}`;
}
