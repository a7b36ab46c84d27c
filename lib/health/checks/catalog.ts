import { join } from "node:path";
import { formatCount, formatSize, KitError } from "../../base/mod.ts";
import { describeRebuild, openLibrary, type UnfinishedRebuild, unfinishedRebuild } from "../../downloader/mod.ts";
import { CATALOG_VERSION, readCatalogVersion, STATE_FOLDER } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** State of the catalog. */
export type CatalogFacts =
  | { readonly type: "none" }
  | { readonly type: "intact"; readonly files: number; readonly bytes: number }
  | { readonly type: "unfinished"; readonly files: number; readonly rebuild: UnfinishedRebuild }
  | {
    readonly type: "refused";
    readonly code: KitError["code"];
    readonly message: string;
    /** Whether a later version of the program wrote it. */
    readonly isNewer: boolean;
  };

export const CATALOG_CHECK = defineCheck({
  name: "catalog",
  question: "Is the catalog intact?",
  touches: "catalog",
  problem: "catalog",
  measure: measureCatalog,
  judge: judgeCatalog,
});

/** Let SQLite check every page, without a lock and without writing. */
async function measureCatalog({ library }: HealthPlace): Promise<CatalogFacts> {
  try {
    if (!(await Deno.stat(join(library, STATE_FOLDER))).isDirectory) throw new Deno.errors.NotFound();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return { type: "none" };
    throw error;
  }
  try {
    const options = { command: "health-check", mustExist: true, readOnly: true, check: true };
    using opened = await openLibrary(library, options);
    const { count, bytes } = opened.catalog.totals();
    const rebuild = unfinishedRebuild(opened.catalog);
    return rebuild === null ? { type: "intact", files: count, bytes } : { type: "unfinished", files: count, rebuild };
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    // A monitor keeps its state there before the first run.
    if (error.code === "usage") return { type: "none" };
    return { type: "refused", code: error.code, message: error.message, isNewer: isNewer(library) };
  }
}

function isNewer(library: string): boolean {
  try {
    return (readCatalogVersion(join(library, STATE_FOLDER, "catalog.db")) ?? 0) > CATALOG_VERSION;
  } catch {
    // The message says why it cannot be read.
    return false;
  }
}

/** Judge the catalog. A damaged or lost one is rebuilt from sidecars and hashes, and files that lack are repaired. */
export function judgeCatalog(facts: CatalogFacts, place: CommandPlace): HealthFinding {
  switch (facts.type) {
    case "none":
      return finding("skipped", { en: "there is no library yet", ja: "ライブラリはまだありません" });
    case "intact": {
      const { files, bytes } = facts;
      return finding("ok", {
        en: `quick_check passed; ${formatCount(files, "item")}, ${formatSize(bytes)}`,
        ja: `破損はありません。${files} 件、${formatSize(bytes)}`,
      }, { figures: { files, bytes } });
    }
    case "unfinished": {
      const { files, rebuild } = facts;
      const { notLookedUp } = rebuild;
      const state = {
        en: `${describeRebuild(rebuild)}; ${formatCount(files, "item is", "items are")} in it`,
        ja: `カタログの再構築が完了していません${
          notLookedUp === null ? "" : `（${notLookedUp} 件のモデルファイルが未照会）`
        }。登録済みは ${files} 件です`,
      };
      return finding("fail", state, {
        remedy: nextCommand(place, "verify --rebuild"),
        advice: {
          en: "update and repair refuse it until then; --offline leaves out the files that no sidecar describes",
          ja:
            "完了するまで update と repair は実行できません。--offline を付けると、サイドカーのないファイルを除いて完了できます",
        },
        figures: { files },
      });
    }
    case "refused": {
      const { code, message, isNewer } = facts;
      const figures = { code };
      if (code === "integrity") {
        return finding("fail", {
          en: message.replace(/: it is damaged$/, ""),
          ja: "カタログ（catalog.db）が破損していて、読み取れません",
        }, {
          remedy: nextCommand(place, "verify --rebuild"),
          afterwards: nextCommand(place, "repair"),
          advice: {
            en: "the files are not touched; the first command catalogs them again, the second fetches what is missing",
            ja:
              "ファイルには影響ありません。最初のコマンドでカタログを作り直し、次のコマンドで足りないファイルを取得します",
          },
          figures,
        });
      }
      const state = isNewer
        ? "新しいバージョンのプログラムが書いたカタログのため、読み取れません"
        : "カタログ（catalog.db）を開けません";
      return finding(isNewer ? "newer-state" : "catalog", { en: message, ja: state }, {
        remedy: isNewer ? null : `ls -la ${place.libraryWord || "downloads"}/${STATE_FOLDER}`,
        figures,
      });
    }
  }
}
