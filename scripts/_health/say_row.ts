import type { Language } from "../../lib/base/mod.ts";
import type { HealthCheck, HealthRow, JapaneseWords } from "../../lib/health/mod.ts";
import { PROBLEMS } from "../../lib/problems/mod.ts";
import type { CHECK_NAMES } from "./health_flags.ts";
import { shortenTimes } from "../../lib/monitor/mod.ts";

/** What each check is about, and what it asks. Its own name is a word of `--only`, and the same in every language. */
const JAPANESE_CHECKS: Readonly<
  Record<typeof CHECK_NAMES[number], { readonly name: string; readonly question: string }>
> = {
  library: { name: "ライブラリ", question: "ライブラリは元の場所にありますか" },
  api: { name: "API", question: "API は応答していますか" },
  key: { name: "API キー", question: "API キーは設定され、非公開で、有効ですか" },
  storage: { name: "ストレージ", question: "ストレージのホストに接続できますか" },
  clock: { name: "時計", question: "時計は合っていますか" },
  disk: { name: "ディスク", question: "ライブラリのディスクに空きはありますか" },
  write: { name: "書き込み", question: "ライブラリに十分な速度で書き込めますか" },
  hash: { name: "ハッシュ計算", question: "SHA-256 の計算はネットワークより速いですか" },
  permissions: {
    name: "アクセス権",
    question: "状態ファイル、カタログ、ログ、キーのファイルは非公開で、読み取れますか",
  },
  config: { name: "設定ファイル", question: "設定ファイルは使用できますか" },
  catalog: { name: "カタログ", question: "カタログは壊れていませんか" },
  state: { name: "状態ファイル", question: "状態ファイルを読み取れますか" },
  rollout: { name: "ロールアウト", question: "段階的ロールアウトが操作を待っていませんか" },
  failsafe: { name: "フェイルセーフ", question: "フェイルセーフがダウンロードを減速・停止していませんか" },
  instance: { name: "実行中の処理", question: "ほかの実行がライブラリを使用中で、停止していませんか" },
  progress: { name: "データの受信", question: "データは届いていますか" },
  speed: { name: "ホストの速度", question: "ホストの速度は普段どおりですか" },
  memory: { name: "メモリ", question: "実行中のプロセスのメモリ使用量は適切ですか" },
  timeouts: { name: "タイムアウト", question: "直近 1 時間のタイムアウトは少なく、タイムアウトの時間は足りていますか" },
  quota: { name: "利用枠", question: "直近 24 時間の利用枠は残っていますか" },
  creators: { name: "クリエイター", question: "すべてのクリエイターの一覧を取得できますか" },
  runs: { name: "前回の実行", question: "前回の実行は正常に終わりましたか" },
  alerts: { name: "通知", question: "アラートの通知は届いていますか" },
};

/**
 * Name what a check is about.
 *
 * @param row The finding
 * @param language English has only the name
 * @returns A noun
 */
export function nameOf({ name }: Pick<HealthRow, "name">, language: Language): string {
  return language === "en" ? name : japaneseOf(name)?.name ?? name;
}

/**
 * Name what is wrong: the problem that was found, otherwise what the check is about.
 *
 * @param row The finding
 * @param language Language of the title
 * @returns The title, which begins a line
 */
export function titleOf(row: HealthRow, language: Language): string {
  const title = row.problem === null ? nameOf(row, language) : PROBLEMS[row.problem][language].title;
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}

/** The words of a finding in one language, with times as `status` shows them. */
export function sayRow(
  row: HealthRow,
  { language, now }: { readonly language: Language; readonly now: number },
): JapaneseWords {
  const { measured, advice } = language === "ja" ? row.ja : row;
  const shorten = (text: string): string => shortenTimes(text, { language, now });
  return { measured: shorten(measured), advice: advice === null ? null : shorten(advice) };
}

/** What a check asks, in one language. */
export function questionOf({ name, question }: Pick<HealthCheck, "name" | "question">, language: Language): string {
  return language === "en" ? question : japaneseOf(name)?.question ?? question;
}

function japaneseOf(name: string): { readonly name: string; readonly question: string } | undefined {
  return (JAPANESE_CHECKS as Readonly<Record<string, typeof JAPANESE_CHECKS["api"]>>)[name];
}
