import { formatDuration, shell } from "../../base/mod.ts";
import { isHostFault } from "./_is_host_fault.ts";
import type { ApiProbe } from "../api_probe.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { PROBLEMS } from "../../problems/mod.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

export const API_CHECK = defineCheck({
  name: "api",
  question: "Does the API answer?",
  measure: (place) => place.api(),
  judge: judgeApi,
});

/** Judge whether the API is reachable. A refusal shows that it is. */
export function judgeApi(
  probe: ApiProbe,
  place: CommandPlace & Pick<HealthPlace, "client">,
): HealthFinding {
  switch (probe.type) {
    case "offline":
      return finding("skipped", "not asked: --offline");
    case "refused": {
      const { host, breaker: { since, until, reason } } = probe;
      const state = `not asked: the breaker of ${host} is open since ${since}${reason === null ? "" : `: ${reason}`}`;
      const remedy = nextCommand(place, "failsafe");
      return finding("fail", `${state}; next attempt ${until}`, {
        problem: "breaker",
        remedy,
        figures: { host, since, until },
      });
    }
    case "silent": {
      const { host, failure, message } = probe;
      return finding("fail", message, {
        problem: failure,
        remedy: `curl -sSI --max-time 10 ${new URL(place.client.baseUrl).origin}`,
        afterwards: nextCommand(place, "doctor --only api"),
        advice: shell`it says what is in the way: network, firewall or proxy; civitai-dl doctor ${failure} says more`,
        figures: { host, failure },
      });
    }
    case "answered": {
      const { host, status, durationMs, failure, message } = probe;
      const figures = { host, httpStatus: status, durationMs: Math.round(durationMs), failure };
      const answer = `${host} answered with ${status} in ${formatDuration(Math.max(1, Math.round(durationMs)))}`;
      if (failure === null || failure === "login") return finding("ok", answer, { figures });
      return finding(isHostFault(failure) ? "fail" : "warn", `${answer}: ${message}`, {
        problem: failure,
        remedy: shell`civitai-dl doctor ${failure}`,
        advice: PROBLEMS[failure].en.remedy,
        figures,
      });
    }
  }
}
