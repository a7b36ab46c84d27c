import { join } from "node:path";
import { KitError, writeAtomic } from "../../lib/base/mod.ts";

/** What a cell of a drawn table says in English, and how it reads in Japanese; `$1` is what the first group matched. */
type Words = readonly (readonly [RegExp, string])[];

/** A block that a task draws into an English page, and that the Japanese page of the same name has too. */
export interface TableTwin {
  /** Name below docs/ and docs/ja/. */
  readonly page: string;
  readonly begin: string;
  readonly end: string;
  readonly words: Words;
  /** Whether a text whose words are not known stays in English: texts of measurements are many. */
  readonly keepsUnknown?: boolean | undefined;
}

const NUMBERS: Words = [
  [/(?<=\d) (?=\d{3}\b)/g, ","],
  [/(?<=\d) s\b/g, " 秒"],
  [/(?<=\d)d(?=[\s、）]|$)/g, " 日"],
  [/(?<=\d)h(?=[\s、）]|$)/g, " 時間"],
  [/(?<=\d)m(?=[\s、）]|$)/g, " 分"],
  [/(?<=\d)s(?=[\s、）]|$)/g, " 秒"],
];

export const TABLE_TWINS: readonly TableTwin[] = [
  {
    page: "performance.md",
    begin: "<!-- library: begin, made by deno task library-figures -->",
    end: "<!-- library: end -->",
    words: [
      [
        /^Measured on (\S+) at (\S+) \((.+?)\); before: (\S+) \((\S+), (.+?)\)\. Each run is a process of its own, start included\.$/,
        "$2 を $1 に測定しました（$3）。「以前」は $4 です（$5、$6）。1 回の実行は 1 つのプロセスで、起動を含みます。",
      ],
      [/\bone run each\b/, "各 1 回の実行"],
      [/\bmedians of (\d+) runs\b/, "$1 回の実行の中央値"],
      [/^Goal$/, "目標"],
      [/^(\d.*) before$/, "$1 ファイル、以前"],
      [/^before$/, "以前"],
      [/^now$/, "現在"],
      [/^(\d+) files, (.+ GiB)$/, "$1 ファイル、$2"],
      [/^catalog, bytes a file$/, "カタログ、1 ファイルあたりのバイト数"],
      [/^the same, peak memory$/, "同上、最大メモリ"],
      [/^(.+), files of (\d+) to (\d+) KiB$/, "$1、$2〜$3 KiB のファイル"],
      [/^(.+), two at once$/, "$1、2 つ並行"],
      [/^(\S+) \((.+) against (.+)\)$/, "$1（$2対 $3）"],
    ],
  },
  {
    page: "gate.md",
    begin: "<!-- judges: begin, made by deno task judge-figures -->",
    end: "<!-- judges: end -->",
    words: [
      [/^Judge$/, "判定"],
      [/^Statistic$/, "統計手法"],
      [/^Sample$/, "標本"],
      [/^Truth$/, "真の状態"],
      [/^Fails$/, "不合格"],
      [/^Passes$/, "合格"],
      [/^too rarely$/, "検出不足"],
      [/^too often$/, "誤検出過多"],
      [/^exact bound of a rate$/, "率の正確な限界"],
      [/^interval of a ratio$/, "比の区間"],
      [/^rank test against 1.05, by Holm$/, "1.05 に対する順位検定、Holm 法"],
      [/^rank test, by Holm$/, "順位検定、Holm 法"],
      [/^slope of memory$/, "メモリの傾き"],
      [/^slope of open files, of timers$/, "開いているファイルの傾き、タイマーの傾き"],
      [/^sequential test$/, "逐次検定"],
      [/^paired differences$/, "組の差"],
      [/^bound of a rate, sign test of a median$/, "率の限界、中央値の符号検定"],
      [/^(.+) trials$/, "$1 回の試行"],
      [/^(\d+) runs a side, variation (.+)$/, "各 $1 回の実行、変動 $2"],
      [/^(\d+) benchmarks, (\d+) runs a side$/, "$1 個のベンチマーク、各 $2 回の実行"],
      [/^4 h, (\d+) measurements$/, "4 時間、$1 回の測定"],
      [/^each stage, at most (.+) downloads$/, "各段階、最大 $1 件のダウンロード"],
      [/^(.+) rounds, (.+) hit$/, "$1 回、障害が起きたもの $2 組"],
      [/^(\d+) runs of (.+) files, variation (.+)$/, "$2 ファイルの実行 $1 回、変動 $3"],
      [/^both arms fail (.+)$/, "両方の群が $1 失敗"],
      [/^the canary fails (.+), the baseline (.+)$/, "カナリアが $1、ベースラインが $2 失敗"],
      [/^([\d.]+ %) fail, (.+) may$/, "$1 が失敗、許容は $2"],
      [/^(.+) times as fast$/, "$1 倍の速さ"],
      [/^equal code$/, "同じコード"],
      [/^one takes (.+) times as long$/, "1 個が $1 倍の時間"],
      [/^a warm-up of (.+)$/, "$1 のウォームアップ"],
      [/^(\S+ MiB) a day are kept, (.+) may$/, "1 日に $1 のリーク、許容は $2 MiB"],
      [/^none is kept$/, "リークなし"],
      [/^(\d+) a day are kept, (.+) may$/, "1 日に $1 個のリーク、許容は $2 個"],
      [/^equal profiles$/, "同じプロファイル"],
      [/^(\S+) points more downloads fail$/, "失敗するダウンロードが $1 ポイント多い"],
      [/^(\S+) points more of those hit fail$/, "障害が起きたもののうち失敗が $1 ポイント多い"],
      [/^silence takes half as long$/, "無応答の時間が半分"],
      [/^silence takes (.+) times as long$/, "無応答の時間が $1 倍"],
      [/^(.+ MB\/s), (.+) of the files are wrong$/, "$1、不正なファイルが $2"],
      [/^(.+ MB\/s), (.+) are wrong, (.+) may$/, "$1、不正なファイルが $2、許容は $3"],
      [/^(.+ MB\/s), at least (.+) are asked for$/, "$1、求めるのは $2 MB/s 以上"],
    ],
  },
  {
    page: "failsafe.md",
    begin: "<!-- Made by deno task simulate; do not edit. -->",
    end: "<!-- The end of what deno task simulate makes. -->",
    words: [
      [/^library$/, "ライブラリ"],
      [/^problem$/, "障害"],
      [/^steps$/, "モードの変更"],
      [/^of them down without a failed attempt$/, "うち、失敗した試行なしに下げたもの"],
      [/^back at (\S+) after$/, "$1 に戻るまで"],
      [/^requests$/, "リクエスト数"],
      [/^large files$/, "大きいファイル"],
      [/^large files of one host$/, "大きいファイル、ホストは 1 つ"],
      [/^few files$/, "少ないファイル"],
      [/^images only$/, "画像だけ"],
      [/^small and large files$/, "大小のファイル"],
      [/^two processes$/, "2 つのプロセス"],
      [/^a minute of 500s$/, "1 分間の 500"],
      [/^ten minutes of 500s$/, "10 分間の 500"],
      [/^ten minutes that cut what flows$/, "10 分間、転送を切断"],
      [/^ten minutes without a host$/, "10 分間、接続不可"],
      [/^never left$/, "下がらなかった"],
    ],
  },
];

/**
 * Draw the block of an English page, and its translation into the Japanese page of the same name.
 *
 * @param page Name of the page below docs/, such as `gate.md`
 * @param block Tables and paragraphs, in Markdown
 * @param root Root folder of the checkout
 * @returns Paths of the pages that changed
 * @throws {KitError} `failed` if the marks of a page are gone, or if the Japanese words of a cell are not known; both
 * pages then stay as they are
 */
export async function drawTables(page: string, block: string, root: string): Promise<readonly string[]> {
  const twin = twinOf(page);
  const paths = [join(root, "docs", page), join(root, "docs", "ja", page)] as const;
  const [english, japanese] = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
  const drawn = replaceBlock(english!, twin, block);
  const formatted = await formatMarkdown(drawn, root);
  const translated = replaceBlock(japanese!, twin, translateTable(blockOf(formatted, twin), twin));
  const changed = [
    ...formatted === english ? [] : [[paths[0], formatted] as const],
    ...translated === japanese ? [] : [[paths[1], translated] as const],
  ];
  for (const [path, text] of changed) await writeAtomic(path, text);
  return changed.map(([path]) => path);
}

/** Read the block of an English page, without the empty lines around it. */
export async function readTables(page: string, root: string): Promise<string> {
  return blockOf(await Deno.readTextFile(join(root, "docs", page)), twinOf(page)).trim();
}

function twinOf(page: string): TableTwin {
  const twin = TABLE_TWINS.find((each) => each.page === page);
  if (twin === undefined) throw new RangeError(`Cannot draw the tables of "${page}": it has no words`);
  return twin;
}

function replaceBlock(text: string, twin: TableTwin, block: string): string {
  const old = `${twin.begin}${blockOf(text, twin)}`;
  return text.replace(old, () => `${twin.begin}\n\n${block.trim()}\n\n`);
}

/** Format a page as `deno fmt` does in the root folder, where its settings are. */
async function formatMarkdown(text: string, root: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "-q", "--ext=md", "-"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new KitError("failed", "Cannot format the page: deno fmt failed");
  return new TextDecoder().decode(stdout);
}

/** The text between the marks of a page. */
export function blockOf(text: string, { page, begin, end }: TableTwin): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) {
    throw new KitError("failed", `Cannot find the tables of "${page}": their marks are gone`, {
      hint: `Write "${begin}" and "${end}" where they belong, in English and in Japanese`,
    });
  }
  return text.slice(from + begin.length, to);
}

/**
 * Translate the cells of tables, and paragraphs around them.
 *
 * @param block Markdown
 * @param twin The words, and whether a text whose words are not known stays in English
 * @throws {KitError} `failed` for a text whose words are not known, unless it stays
 */
export function translateTable(block: string, twin: Pick<TableTwin, "words" | "keepsUnknown">): string {
  return block.split(/\n\n+/).map((part) => {
    if (part.trim() === "") return part.trim();
    if (!part.startsWith("|")) return translate(part.replaceAll(/\s*\n\s*/g, " ").trim(), twin);
    return part.trim().split("\n").map((row) => translateRow(row, twin)).join("\n");
  }).join("\n\n");
}

function translateRow(row: string, twin: Pick<TableTwin, "words" | "keepsUnknown">): string {
  const cells = row.slice(1, -1).split("|").map((cell) => cell.trim());
  const isRule = cells.every((cell) => /^-+:?$/.test(cell));
  const shown = cells.map((cell) =>
    isRule ? cell.replace(/^-+/, cell.endsWith(":") ? "--" : "---") : translate(cell, twin)
  );
  return `|${shown.map((cell) => cell === "" ? " |" : ` ${cell} |`).join("")}`;
}

function translate(text: string, { words, keepsUnknown = false }: Pick<TableTwin, "words" | "keepsUnknown">): string {
  const worded = words.reduce((result, [pattern, japanese]) => result.replace(pattern, japanese), text);
  const japanese = NUMBERS.reduce((result, [pattern, unit]) => result.replace(pattern, unit), worded);
  const rest = japanese.replaceAll(/`[^`]*`|KiB|MiB|GiB|TiB|MB|UTC|Holm/g, "");
  if (!/[A-Za-z]{2,}|\d[a-z]/.test(rest)) return japanese;
  if (keepsUnknown) return text;
  throw new KitError("failed", `Cannot translate "${text}": its words are not known`, {
    hint: "Add them to checks/documents/table_twins.ts",
  });
}
