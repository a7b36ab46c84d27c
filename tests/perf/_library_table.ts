import type { LargeFileFigures, LibraryFigures } from "./_library_figures.ts";

/** The measurements of one state of the code. */
export interface LibraryReport {
  /** Date, ISO 8601 UTC. */
  readonly measuredAt: string;
  /** The commit; its tree may have been dirty. */
  readonly commit: string;
  readonly rounds: number;
  readonly libraries: readonly LibraryFigures[];
  readonly large: LargeFileFigures | null;
}

/** The states to draw: the baseline and the current one. */
export interface LibraryReports {
  readonly version: 1;
  readonly before: LibraryReport | null;
  readonly after: LibraryReport | null;
}

/** A language that the tables are drawn in. */
export type TableLanguage = "en" | "ja";

interface Line {
  readonly work: Readonly<Record<TableLanguage, string>>;
  readonly goal: string;
  readonly value: (figures: LibraryFigures, language: TableLanguage) => string;
}

const LINES: readonly Line[] = [
  {
    work: { en: "catalog, bytes a file", ja: "カタログ、1 ファイルあたりのバイト数" },
    goal: "≤ 2 048",
    value: (it, language) => grouped(it.catalogBytes / it.files, language),
  },
  { work: both("`list WORD`"), goal: "< 0.5 s", value: (it, language) => seconds(it.listWord.seconds, language) },
  {
    work: both("`list --type LORA`"),
    goal: "< 0.5 s",
    value: (it, language) => seconds(it.listType.seconds, language),
  },
  {
    work: both("`list --json --limit 10000000`"),
    goal: "",
    value: (it, language) => seconds(it.listAll.seconds, language),
  },
  {
    work: { en: "the same, peak memory", ja: "同上、最大メモリ" },
    goal: "< 150 MB",
    value: (it) => megabytes(it.listAll.peakBytes),
  },
  { work: both("`verify`"), goal: "≤ 5 s", value: (it, language) => seconds(it.verify.seconds, language) },
  {
    work: { en: "`verify --deep`, files of 1 to 4 KiB", ja: "`verify --deep`、1〜4 KiB のファイル" },
    goal: "",
    value: (it, language) => seconds(it.verifyDeep?.seconds, language),
  },
  {
    work: { en: "`sha256sum`, two at once", ja: "`sha256sum`、2 つ並行" },
    goal: "",
    value: (it, language) => seconds(it.sha256sumSeconds ?? undefined, language),
  },
  {
    work: both("`update --dry-run`"),
    goal: "",
    value: (it, language) => seconds(it.updateDryRun?.seconds, language),
  },
  { work: both("`config show`"), goal: "", value: (it, language) => seconds(it.configShow.seconds, language) },
];

/** The words of the tables that are not in {@linkcode LINES}. */
const WORDS = {
  en: { goal: "Goal", before: "before", now: "now", ratio: "`verify --deep` / `sha256sum`, two at once" },
  ja: { goal: "目標", before: "以前", now: "現在", ratio: "`verify --deep` / `sha256sum`（2 つ並行）" },
};

/** Draw the tables of `docs/performance.md`, or of its Japanese twin. */
export function drawLibraryTables(reports: LibraryReports, language: TableLanguage): string {
  const after = reports.after ?? reports.before;
  if (after === null) throw new TypeError("Cannot draw the table: nothing was measured");
  const before = reports.after === null ? null : reports.before;
  const sizes = after.libraries.map(({ files }) => files);
  const pairs = after.libraries.map((figures, index) => [before?.libraries[index], figures] as const);
  const words = WORDS[language];
  const headOf = (files: number) => ({
    en: `${grouped(files, language)} ${words.before}`,
    ja: `${grouped(files, language)} ファイル、${words.before}`,
  });
  const head = ["", words.goal, ...sizes.flatMap((files) => [headOf(files)[language], words.now])];
  const rows = LINES.map(({ work, goal, value }) => [
    work[language],
    localized(goal, language),
    ...pairs.flatMap(([old, now]) => [old === undefined ? "–" : value(old, language), value(now, language)]),
  ]);
  const describe = { en: describeInEnglish, ja: describeInJapanese }[language];
  return [describe(before, after), table([head, ...rows]), ...largeTable(before, after, language)].join("\n\n");
}

function describeInEnglish(before: LibraryReport | null, after: LibraryReport): string {
  const runs = ({ rounds }: LibraryReport): string => rounds === 1 ? "one run each" : `medians of ${rounds} runs`;
  const old = before === null
    ? ""
    : `; before: \`${before.commit}\` (${before.measuredAt.slice(0, 10)}, ${runs(before)})`;
  return `Measured on ${after.measuredAt.slice(0, 10)} at \`${after.commit}\` (${
    runs(after)
  })${old}. Each run is a process of its own, start included.`;
}

function describeInJapanese(before: LibraryReport | null, after: LibraryReport): string {
  const runs = ({ rounds }: LibraryReport): string => rounds === 1 ? "各 1 回の実行" : `${rounds} 回の実行の中央値`;
  const old = before === null
    ? ""
    : `「以前」は \`${before.commit}\` です（${before.measuredAt.slice(0, 10)}、${runs(before)}）。`;
  return `\`${after.commit}\` を ${after.measuredAt.slice(0, 10)} に測定しました（${
    runs(after)
  }）。${old}1 回の実行は 1 つのプロセスで、起動を含みます。`;
}

function largeTable(
  before: LibraryReport | null,
  { large }: LibraryReport,
  language: TableLanguage,
): readonly string[] {
  if (large === null) return [];
  const words = WORDS[language];
  const ratio = (it: typeof large): string => {
    const value = (it.verifyDeep.seconds / it.sha256sumSeconds).toFixed(2);
    const ours = seconds(it.verifyDeep.seconds, language);
    const other = seconds(it.sha256sumSeconds, language);
    return { en: `${value} (${ours} against ${other})`, ja: `${value}（${ours}と ${other}）` }[language];
  };
  const size = `${(large.bytes / 1024 ** 3).toFixed(1)} GiB`;
  const what = { en: `${large.files} files, ${size}`, ja: `${large.files} ファイル、${size}` }[language];
  const head = [what, words.goal, words.before, words.now];
  const old = before?.large;
  return [table([head, [words.ratio, "≤ 1.10", old ? ratio(old) : "–", ratio(large)]])];
}

function table([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head!), line(head!.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Return a text that is the same in both languages. */
function both(text: string): Readonly<Record<TableLanguage, string>> {
  return { en: text, ja: text };
}

function seconds(value: number | undefined, language: TableLanguage): string {
  if (value === undefined) return "–";
  return localized(value < 10 ? `${value.toFixed(2)} s` : `${value.toFixed(1)} s`, language);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** With spaces between thousands, like the other tables; with commas in Japanese. */
function grouped(value: number, language: TableLanguage): string {
  return localized(Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, " "), language);
}

/** Write a number with its unit as the documents of the language do. */
function localized(text: string, language: TableLanguage): string {
  if (language === "en") return text;
  return text.replace(/(?<=\d) (?=\d{3}\b)/g, ",").replace(/(?<=\d) s$/, " 秒");
}
