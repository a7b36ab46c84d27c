import { quoteWord } from "../../base/mod.ts";
import { defineCheck, finding, type HealthConfig, type HealthFinding } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** Can the configuration file be used? */
export const CONFIG_CHECK = defineCheck({
  name: "config",
  question: "Can the configuration file be used?",
  problem: "config",
  measure: ({ config = null }) => Promise.resolve(config),
  judge: judgeConfig,
});

/** Judge the configuration. A download does not start with one that has a mistake. */
export function judgeConfig(config: HealthConfig | null, place: CommandPlace): HealthFinding {
  if (config === null) return finding("ok", "no configuration file; the defaults apply");
  const { path, problem, isApplied = false } = config;
  const figures = { path };
  if (problem === null) return finding("ok", `${path} has no mistake`, { figures });
  return finding("fail", problem, {
    remedy: `civitai-dl config check --config ${quoteWord(path)}`,
    afterwards: nextCommand(place, "doctor"),
    advice: isApplied
      ? "write the files that it names, or correct it"
      : "correct the file until it names no mistake; until then the other checks ran without its settings",
    figures,
  });
}
