import { type Bilingual, formatCount } from "../../base/mod.ts";
import { defineCheck, finding, type HealthFinding } from "../health_check.ts";
import { readStateFiles, type StateFileFinding } from "../state_files.ts";

export const STATE_CHECK = defineCheck({
  name: "state",
  ja: "状態ファイル",
  touches: "state",
  problem: "state",
  measure: (place) => readStateFiles(place),
  judge: judgeState,
});

/** Files that a monitor writes; runs write the others. */
const OF_MONITOR: ReadonlySet<string> = new Set(["alerts.json", "checks.json", "monitor.json"]);

/** Judge the state files. The next run that needs a corrupt one sets it aside by itself, and starts with a new one. */
export function judgeState(files: readonly StateFileFinding[] | null): HealthFinding {
  if (files === null) return finding("skipped", { en: "there is no state yet", ja: "状態ファイルはまだありません" });
  const of = (verdict: StateFileFinding["verdict"]): readonly StateFileFinding[] =>
    files.filter((file) => file.verdict === verdict);
  const names = (list: readonly StateFileFinding[]): readonly string[] => list.map(({ name }) => name);
  const figures = {
    readable: names(of("readable")),
    corrupt: names(of("corrupt")),
    newer: names(of("newer")),
    unreadable: names(of("unreadable")),
    setAside: names(of("set-aside")),
  };
  const say = ([first, ...rest]: readonly StateFileFinding[], what: Bilingual): Bilingual => ({
    en: `${what.en}${first!.name}: ${first!.problem}${rest.length === 0 ? "" : `; and ${rest.length} more`}`,
    ja: `${first!.name} ${what.ja}${rest.length === 0 ? "" : `。ほか ${rest.length} 件`}`,
  });
  const corrupt = of("corrupt");
  const newer = of("newer");
  const unreadable = of("unreadable");
  if (corrupt.length > 0) {
    return finding("state", say(corrupt, { en: "corrupt: ", ja: "が破損しています" }), {
      // Whoever writes a file sets a corrupt one aside.
      next: corrupt.every(({ name }) => OF_MONITOR.has(name)) ? "civitai-dl monitor --once" : "civitai-dl download",
      figures,
    });
  }
  if (newer.length > 0) {
    const state = say(newer, { en: "", ja: "は、新しいバージョンのプログラムが書いたため、読み取れません" });
    return finding("newer-state", state, { figures });
  }
  if (unreadable.length > 0) {
    const state = say(unreadable, { en: "", ja: "を読み取れません" });
    return finding("disk", state, { next: "civitai-dl doctor --only permissions", figures });
  }
  const aside = figures.setAside.length === 0 ? null : figures.setAside.join(", ");
  return finding("ok", {
    en: `${formatCount(figures.readable.length, "file is", "files are")} readable${
      aside === null ? "" : `; set aside earlier: ${aside}`
    }`,
    ja: `${figures.readable.length} 件を読み取れます${aside === null ? "" : `。以前に退避したもの: ${aside}`}`,
  }, { figures });
}
