import { shell } from "../../base/mod.ts";
import { defineCheck, finding, type HealthConfig, type HealthFinding } from "../health_check.ts";

export const CONFIG_CHECK = defineCheck({
  name: "config",
  ja: "設定ファイル",
  touches: "state",
  problem: "config",
  measure: ({ config }) => Promise.resolve(config),
  judge: judgeConfig,
});

/** Judge the configuration. A download does not start with one that has a mistake. */
export function judgeConfig(config: HealthConfig | null): HealthFinding {
  if (config === null) {
    return finding("ok", {
      en: "no configuration file; the defaults apply",
      ja: "設定ファイルはありません（既定値を使用）",
    });
  }
  const { path, problem } = config;
  const figures = { path };
  if (problem === null) {
    return finding("ok", { en: `${path} has no mistake`, ja: `${path} に誤りはありません` }, { figures });
  }
  const { message, place } = problem;
  const where = place === null ? "" : `（${place.line} 行 ${place.column} 桁）`;
  return finding("config", { en: message, ja: `${path} に誤りがあります${where}` }, {
    next: shell`civitai-dl config check --config ${path}`,
    then: "civitai-dl doctor",
    figures,
  });
}
