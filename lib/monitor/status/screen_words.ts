import type { Language } from "../../base/mod.ts";
import type { StatusDamage, StatusFailingCheck, StatusGone } from "../../status/mod.ts";

const english = {
  found: ({ measured }: StatusFailingCheck) => measured,
  run: "Run",
  limits: "Limits",
  hosts: "Hosts",
  notices: "Notices",
  key: "Key",
  monitor: "Monitor",
  holder: ({ command, pid }: { readonly command: string; readonly pid: number }, since: string) =>
    `${command} (process ${pid}) works on the library. ${since}`,
  free: "No run works on the library",
  gone: ({ message }: StatusGone) => message,
  damaged: ({ message }: StatusDamage) => message,
  keyProblem: (problem: string) => problem,
  alerts: (number: number, text: string, evaluated: string) =>
    `${number === 0 ? "No alert is pending or firing." : text} (${evaluated})`,
  ended: (command: string, exit: number | null, time: string) =>
    `last run: ${command} ended with exit ${exit} at ${time}`,
  killed: (command: string, time: string) => `last run: ${command}, begun at ${time}, was killed`,
  done: (files: string) => `${files} done`,
  failed: (files: string) => `${files} failed`,
  left: (files: string, size: string) => `${files} left (${size})`,
  none: "none",
  reserve: (size: string) => `${size} kept free`,
  quota: (links: string | null, bytes: string | null) =>
    `--quota: ${[links, bytes].filter((part) => part !== null).join(" and ")} in 24 h`,
  links: (used: string, all: string) => `${used} of ${all} links`,
  again: (time: string) => `, used up until ${time}`,
  bandwidth: (rate: string) => `--limit-rate ${rate}`,
  noHosts: "no run has asked any host yet",
  evaluated: (time: string, duration: string) => `rules last evaluated at ${time}, ${duration} ago`,
  evaluates: "the monitor evaluates the rules",
  neverEvaluated: "the rules were never evaluated here",
  allDelivered: "all delivered",
  keyState: { accepted: "accepted by the last run", rejected: "refused in the last run" },
  keyFrom: (source: string) => `from ${source}`,
  noKey: "none: make one at https://civitai.com/user/account, and put it into CIVITAI_API_KEY or api_key.md",
  monitorRuns: (pid: string, since: string) => `running (process ${pid}). ${since}`,
  checksOk: (time: string) => `of those that the monitor runs, none fails; unchanged since ${time}`,
  notChecked: "only a monitor runs them; civitai-dl doctor runs all of them now",
  noMonitor: "not running: nobody is notified. civitai-dl monitor starts one",
};

/** What the command `status` says besides the words of the page. */
export type ScreenWords = typeof english;

const japanese: ScreenWords = {
  found: ({ ja }) => ja.measured,
  run: "実行",
  limits: "制限",
  hosts: "ホスト",
  notices: "通知",
  key: "API キー",
  monitor: "モニター",
  holder: ({ command, pid }, since) => `${command}（プロセス ${pid}）がライブラリを使用中。${since}`,
  free: "ライブラリを使用中の実行はありません",
  gone: ({ ja }) => ja.message,
  damaged: () => "カタログ（catalog.db）が破損していて、読み取れません",
  keyProblem: (problem) => `API キーを読み取れません（${problem}）`,
  alerts: (number, text, evaluated) =>
    number === 0 ? `保留中・発報中のアラートはありません（${evaluated}）` : `${text} 件（${evaluated}）`,
  ended: (command, exit, time) => `前回の実行：${command} は ${time} に終了コード ${exit} で終了`,
  killed: (command, time) => `前回の実行：${command}（開始 ${time}）は強制終了`,
  done: (files) => `完了 ${files} 件`,
  failed: (files) => `失敗 ${files} 件`,
  left: (files, size) => `未取得 ${files} 件（${size}）`,
  none: "なし",
  reserve: (size) => `${size} を予備として確保`,
  quota: (links, bytes) => `--quota：24 時間で ${[links, bytes].filter((part) => part !== null).join("、")}`,
  links: (used, all) => `リンク ${used} / ${all}`,
  again: (time) => `（${time} まで上限）`,
  bandwidth: (rate) => `--limit-rate ${rate}`,
  noHosts: "まだどのホストにも接続していません",
  evaluated: (time, duration) => `ルールの最終評価 ${time}（${duration}前）`,
  evaluates: "モニターがルールを評価しています",
  neverEvaluated: "ルールはまだ評価されていません",
  allDelivered: "未配信の通知はありません",
  keyState: { accepted: "前回の実行で有効", rejected: "前回の実行で拒否" },
  keyFrom: (source) => `${source} から取得`,
  noKey: "なし。https://civitai.com/user/account で作成し、CIVITAI_API_KEY か api_key.md に設定してください",
  monitorRuns: (pid, since) => `実行中（プロセス ${pid}）。${since}`,
  checksOk: (time) => `モニターが確認する項目に問題はありません（${time} から変化なし）`,
  notChecked: "モニターの動作中に確認します。今すぐ確認するには civitai-dl doctor を実行してください",
  noMonitor: "停止中のため、通知されません。civitai-dl monitor で起動します",
};

/** What the command `status` says besides the words of the page, in a language. */
export function screenWordsOf(language: Language): ScreenWords {
  return language === "ja" ? japanese : english;
}
