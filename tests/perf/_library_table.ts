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

interface Line {
  readonly work: string;
  readonly goal: string;
  readonly value: (figures: LibraryFigures) => string;
}

const LINES: readonly Line[] = [
  { work: "catalog, bytes a file", goal: "≤ 2 048", value: (it) => grouped(it.catalogBytes / it.files) },
  { work: "`list WORD`", goal: "< 0.5 s", value: (it) => seconds(it.listWord.seconds) },
  { work: "`list --type LORA`", goal: "< 0.5 s", value: (it) => seconds(it.listType.seconds) },
  { work: "`list --json --limit 10000000`", goal: "", value: (it) => seconds(it.listAll.seconds) },
  { work: "the same, peak memory", goal: "< 150 MB", value: (it) => megabytes(it.listAll.peakBytes) },
  { work: "`verify`", goal: "≤ 5 s", value: (it) => seconds(it.verify.seconds) },
  { work: "`verify --deep`, files of 1 to 4 KiB", goal: "", value: (it) => seconds(it.verifyDeep?.seconds) },
  { work: "`sha256sum`, two at once", goal: "", value: (it) => seconds(it.sha256sumSeconds ?? undefined) },
  { work: "`update --dry-run`", goal: "", value: (it) => seconds(it.updateDryRun?.seconds) },
  { work: "`config show`", goal: "", value: (it) => seconds(it.configShow.seconds) },
];

/** Draw the tables of `docs/performance.md`. */
export function drawLibraryTables(reports: LibraryReports): string {
  const after = reports.after ?? reports.before;
  if (after === null) throw new TypeError("Cannot draw the table: nothing was measured");
  const before = reports.after === null ? null : reports.before;
  const sizes = after.libraries.map(({ files }) => files);
  const pairs = after.libraries.map((figures, index) => [before?.libraries[index], figures] as const);
  const head = ["", "Goal", ...sizes.flatMap((files) => [`${grouped(files)} before`, "now"])];
  const rows = LINES.map(({ work, goal, value }) => [
    work,
    goal,
    ...pairs.flatMap(([old, now]) => [old === undefined ? "–" : value(old), value(now)]),
  ]);
  return [describe(before, after), table([head, ...rows]), ...largeTable(before, after)].join("\n\n");
}

function describe(before: LibraryReport | null, after: LibraryReport): string {
  const runs = ({ rounds }: LibraryReport): string => rounds === 1 ? "one run each" : `medians of ${rounds} runs`;
  const old = before === null
    ? ""
    : `; before: \`${before.commit}\` (${before.measuredAt.slice(0, 10)}, ${runs(before)})`;
  return `Measured on ${after.measuredAt.slice(0, 10)} at \`${after.commit}\` (${
    runs(after)
  })${old}. Each run is a process of its own, start included.`;
}

function largeTable(before: LibraryReport | null, { large }: LibraryReport): readonly string[] {
  if (large === null) return [];
  const ratio = (it: typeof large): string =>
    `${(it.verifyDeep.seconds / it.sha256sumSeconds).toFixed(2)} (${seconds(it.verifyDeep.seconds)} against ${
      seconds(it.sha256sumSeconds)
    })`;
  const what = `${large.files} files, ${(large.bytes / 1024 ** 3).toFixed(1)} GiB`;
  const head = [what, "Goal", "before", "now"];
  const old = before?.large;
  return [
    table([head, ["`verify --deep` / `sha256sum`, two at once", "≤ 1.10", old ? ratio(old) : "–", ratio(large)]]),
  ];
}

function table([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head!), line(head!.map(() => "---")), ...rows.map(line)].join("\n");
}

function seconds(value: number | undefined): string {
  if (value === undefined) return "–";
  return value < 10 ? `${value.toFixed(2)} s` : `${value.toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** With thin spaces between thousands, like the other tables. */
function grouped(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, " ");
}
