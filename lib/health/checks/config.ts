import { quoteWord } from "../../base/mod.ts";
import { defineCheck, finding, type HealthConfig, type HealthFinding } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** Can the configuration file be used? */
export const CONFIG_CHECK = defineCheck({
  name: "config",
  question: "Can the configuration file be used?",
  touches: "state",
  problem: "config",
  measure: ({ config = null }) => Promise.resolve(config),
  judge: judgeConfig,
});

/** Judge the configuration. A download does not start with one that has a mistake. */
export function judgeConfig(config: HealthConfig | null, place: CommandPlace): HealthFinding {
  if (config === null) {
    return finding("ok", {
      en: "no configuration file; the defaults apply",
      ja: "設定ファイルはありません（既定値を使用）",
    });
  }
  const { path, problem, isApplied = false } = config;
  const figures = { path };
  if (problem === null) {
    return finding("ok", { en: `${path} has no mistake`, ja: `${path} に誤りはありません` }, { figures });
  }
  return finding("fail", { en: problem, ja: `${path} に誤りがあります${placeOf(problem, path)}` }, {
    remedy: `civitai-dl config check --config ${quoteWord(path)}`,
    afterwards: nextCommand(place, "doctor"),
    advice: isApplied
      ? {
        en: "write the files that it names, or correct it",
        ja: "設定で指定したファイルを用意するか、設定を修正してください",
      }
      : {
        en: "correct the file until it names no mistake; until then the other checks ran without its settings",
        ja: "誤りがなくなるまで修正してください。ほかの項目は、この設定を使わずに確認しました",
      },
    figures,
  });
}

/** Line and column of a mistake, which its message names behind the path: `civitai-dl.yml:3:5`. */
function placeOf(problem: string, path: string): string {
  const [, line, column] = /^:(\d+):(\d+)/.exec(problem.split(path, 2)[1] ?? "") ?? [];
  return line === undefined ? "" : `（${line} 行 ${column} 桁）`;
}
