import { type Bilingual, formatCount, quoteWord } from "../../base/mod.ts";
import { join } from "node:path";
import { STATE_FOLDER } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";
import { readStateFiles, type StateFile } from "../state_files.ts";

export const STATE_CHECK = defineCheck({
  name: "state",
  question: "Can the state files be read?",
  touches: "state",
  problem: "state",
  measure: (place) => readStateFiles(place),
  judge: judgeState,
});

/** Files that a monitor writes; runs write the others. */
const OF_MONITOR: ReadonlySet<string> = new Set(["alerts.json", "checks.json", "monitor.json"]);

/** Judge the state files. The next run that needs a corrupt one sets it aside by itself, and starts with a new one. */
export function judgeState(
  files: readonly StateFile[] | null,
  place: CommandPlace & Pick<HealthPlace, "library">,
): HealthFinding {
  if (files === null) return finding("skipped", { en: "there is no state yet", ja: "状態ファイルはまだありません" });
  const of = (verdict: StateFile["verdict"]): readonly StateFile[] => files.filter((file) => file.verdict === verdict);
  const names = (list: readonly StateFile[]): readonly string[] => list.map(({ name }) => name);
  const figures = {
    readable: names(of("readable")),
    corrupt: names(of("corrupt")),
    newer: names(of("newer")),
    unreadable: names(of("unreadable")),
    setAside: names(of("set-aside")),
  };
  const say = ([first, ...rest]: readonly StateFile[], what: Bilingual): Bilingual => ({
    en: `${what.en}${first!.name}: ${first!.problem}${rest.length === 0 ? "" : `; and ${rest.length} more`}`,
    ja: `${first!.name} ${what.ja}${rest.length === 0 ? "" : `。ほか ${rest.length} 件`}`,
  });
  const corrupt = of("corrupt");
  const newer = of("newer");
  const unreadable = of("unreadable");
  const aside = of("set-aside");
  if (corrupt.length > 0) {
    return finding("fail", say(corrupt, { en: "corrupt: ", ja: "が破損しています" }), {
      // Whoever writes a file sets a corrupt one aside.
      remedy: nextCommand(place, corrupt.every(({ name }) => OF_MONITOR.has(name)) ? "monitor --once" : "download"),
      figures,
    });
  }
  if (newer.length > 0) {
    const state = say(newer, { en: "", ja: "は、新しいバージョンのプログラムが書いたため、読み取れません" });
    return finding("newer-state", state, { figures });
  }
  if (unreadable.length > 0) {
    const state = say(unreadable, { en: "", ja: "を読み取れません" });
    return finding("fail", state, { remedy: nextCommand(place, "doctor --only permissions"), figures });
  }
  if (aside.length > 0) {
    const folder = join(place.library, STATE_FOLDER, "state");
    return finding("warn", {
      en: `${figures.readable.length} readable; set aside earlier: ${figures.setAside.join(", ")}`,
      ja: `${figures.readable.length} 件を読み取れます。以前に退避したもの: ${figures.setAside.join("、")}`,
    }, {
      remedy: `rm ${figures.setAside.map((name) => quoteWord(join(folder, name))).join(" ")}`,
      advice: {
        en: "no command reads them any more: look at them if you want to know what was lost, then delete them",
        ja: "どのコマンドからも読まれないので、必要であれば内容を確認したうえで、削除してください",
      },
      figures,
    });
  }
  return finding("ok", {
    en: `${formatCount(figures.readable.length, "file is", "files are")} readable`,
    ja: `${figures.readable.length} 件を読み取れます`,
  }, { figures });
}
