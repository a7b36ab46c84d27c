import { sayDuration } from "../../base/mod.ts";
import type { ApiProbe } from "../api_probe.ts";
import { defineCheck, finding, type HealthFinding } from "../health_check.ts";
import { PROBLEMS } from "../../problems/mod.ts";
import { askHost } from "../shell_commands.ts";

export const API_CHECK = defineCheck({
  name: "api",
  ja: "API",
  touches: "network",
  measure: (place) => place.api(),
  judge: judgeApi,
});

/** Judge whether the API is reachable. A refusal shows that it is. */
export function judgeApi(probe: ApiProbe): HealthFinding {
  switch (probe.type) {
    case "offline":
      return finding("skipped", { en: "not asked: --offline", ja: "--offline が指定されているため、確認していません" });
    case "refused": {
      const { host, breaker: { since, until, reason, cause } } = probe;
      const why = reason === null ? "" : `: ${reason}`;
      const kind = cause === null ? "" : `（${PROBLEMS[cause.failure].ja.title}）`;
      const state = {
        en: `not asked: the breaker of ${host} is open since ${since}${why}; next attempt ${until}`,
        ja: `${host} への接続を ${since} から遮断しているため、確認していません${kind}。次の試行は ${until} です`,
      };
      return finding("breaker-left", state, { figures: { host, since, until } });
    }
    case "silent": {
      const { host, failure, message } = probe;
      return finding(failure, { en: message, ja: `${host}: ${PROBLEMS[failure].ja.meaning}` }, {
        next: askHost(host),
        then: "civitai-dl doctor --only api",
        figures: { host, failure },
      });
    }
    case "answered": {
      const { host, status, durationMs, refusal } = probe;
      const figures = {
        host,
        httpStatus: status,
        durationMs: Math.round(durationMs),
        failure: refusal?.failure ?? null,
      };
      const time = sayDuration(Math.max(1, Math.round(durationMs)));
      const answer = {
        en: `${host} answered with ${status} in ${time.en}`,
        ja: `${host} が ${time.ja}で応答しました（ステータス ${status}）`,
      };
      if (refusal === null || refusal.failure === "login") return finding("ok", answer, { figures });
      const { failure, message } = refusal;
      return finding(failure, {
        en: `${answer.en}: ${message}`,
        ja: `${answer.ja}: ${PROBLEMS[failure].ja.meaning}`,
      }, {
        figures,
      });
    }
  }
}
