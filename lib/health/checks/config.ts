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
  return finding("config", { en: problem, ja: `${path} に誤りがあります${placeOf(problem, path)}` }, {
    next: shell`civitai-dl config check --config ${path}`,
    then: "civitai-dl doctor",
    figures,
  });
}

/** Line and column of a mistake, which its message names behind the path: `civitai-dl.yml:3:5`. */
function placeOf(problem: string, path: string): string {
  const [, line, column] = /^:(\d+):(\d+)/.exec(problem.split(path, 2)[1] ?? "") ?? [];
  return line === undefined ? "" : `（${line} 行 ${column} 桁）`;
}
