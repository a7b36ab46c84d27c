import { join } from "node:path";
import { asIs, type Bilingual, formatCount, sayDuration } from "../../base/mod.ts";
import { stateFolder } from "../../library/mod.ts";
import { type ActiveProcess, findSlowHosts, longestSilence, readActive } from "../../monitor/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { askHost } from "../shell_commands.ts";

const NO_RUN = { en: "no run is under way", ja: "実行中のものはありません" };
/** The page of a monitor says so after the same time. */
const SILENT_MS = 30_000;

/** Read what the runs of the library report about themselves. */
function measureRuns({ library, clock }: HealthPlace): Promise<readonly ActiveProcess[]> {
  return readActive(join(stateFolder(library), "active"), { now: clock.now() }).catch((error) => {
    // The check "permissions" says more about it.
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  });
}

export const PROGRESS_CHECK = defineCheck({
  name: "progress",
  ja: "データの受信",
  touches: "state",
  problem: "no-progress",
  measure: measureRuns,
  judge: judgeSilence,
});

export const SPEED_CHECK = defineCheck({
  name: "speed",
  ja: "ホストの速度",
  touches: "state",
  problem: "slow-host",
  measure: measureRuns,
  judge: judgeSpeed,
});

/** Judge the silence of the runs: a host may accept requests and say nothing, which counts as no failure for long. */
export function judgeSilence(processes: readonly ActiveProcess[]): HealthFinding {
  if (processes.length === 0) return finding("skipped", NO_RUN);
  const silence = longestSilence(processes);
  if (silence === null || silence.ms < SILENT_MS) {
    return finding("ok", {
      en: "bytes arrive, or nothing waits for them",
      ja: "データが届いているか、待っているものがありません",
    }, { figures: { silentMs: silence?.ms ?? 0 } });
  }
  const { ms, since, hosts, files } = silence;
  const span = sayDuration(Math.round(ms / 1000) * 1000);
  const state = {
    en: `no byte from ${hosts.join(", ")} since ${since} (${span.en}), and ${
      files === 0 ? "the listing waits" : formatCount(files, "file waits", "files wait")
    }`,
    ja: `${hosts.join("、")} から ${since} 以降（${span.ja}）データが届かず、${
      files === 0 ? "一覧の取得" : `${files} 件`
    }が待っています`,
  };
  const [host] = hosts;
  return finding("no-progress", state, {
    ...host === undefined ? {} : { next: askHost(host), then: "civitai-dl failsafe" },
    figures: { silentMs: ms, since, files, hosts },
  });
}

/** Judge the speed of the hosts of the runs against what each of them usually does. */
export function judgeSpeed(processes: readonly ActiveProcess[]): HealthFinding {
  if (processes.length === 0) return finding("skipped", NO_RUN);
  const slow = findSlowHosts(processes).toSorted((a, b) => a.ratio - b.ratio);
  const figures = { slow: slow.map(({ host }) => host), ratio: slow[0]?.ratio ?? null };
  if (slow.length === 0) {
    return finding("ok", {
      en: "no host is far slower than usual",
      ja: "普段より大幅に遅いホストはありません",
    }, { figures });
  }
  const states = slow.map(({ host, ratio, since, limit }) => {
    const isLimited = limit.value < limit.ceiling;
    const share = shareOf(ratio);
    return {
      en: `${host}: ${share.en} of its usual speed since ${since}${
        isLimited ? `, limit ${limit.value} of ${limit.ceiling}` : ""
      }`,
      ja: `${host}: ${since} から普段の速度の ${share.ja}${
        isLimited ? `（接続数 ${limit.value} / ${limit.ceiling}）` : ""
      }`,
    };
  });
  return finding(
    "slow-host",
    { en: states.map(({ en }) => en).join("; "), ja: states.map(({ ja }) => ja).join("。") },
    { figures },
  );
}

function shareOf(ratio: number): Bilingual {
  return ratio <= 0 ? { en: "nothing", ja: "0 %" } : asIs(`1/${Math.round(1 / ratio)}`);
}
