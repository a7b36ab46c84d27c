import { join } from "node:path";
import { formatCount, formatSize, KitError, quoteWord } from "../../base/mod.ts";
import { describeRebuild, openLibrary, type UnfinishedRebuild, unfinishedRebuild } from "../../downloader/mod.ts";
import { CATALOG_VERSION, catalogFile, readCatalogVersion, STATE_FOLDER } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";

/** State of the catalog. */
export type CatalogCondition =
  | { readonly type: "none" }
  | { readonly type: "intact"; readonly files: number; readonly bytes: number }
  | { readonly type: "unfinished"; readonly files: number; readonly rebuild: UnfinishedRebuild }
  | {
    readonly type: "refused";
    readonly code: KitError["code"];
    readonly message: string;
    /** Whether a later version of the program wrote it. */
    readonly isNewer: boolean;
    /** The folder of the catalog. */
    readonly folder: string;
  };

export const CATALOG_CHECK = defineCheck({
  name: "catalog",
  ja: "カタログ",
  touches: "catalog",
  problem: "catalog",
  measure: measureCatalog,
  judge: judgeCatalog,
});

/** Let SQLite check every page, without a lock and without writing. */
async function measureCatalog({ library }: HealthPlace): Promise<CatalogCondition> {
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
    const folder = join(library, STATE_FOLDER);
    return { type: "refused", code: error.code, message: error.message, isNewer: isNewer(library), folder };
  }
}

function isNewer(library: string): boolean {
  try {
    return (readCatalogVersion(catalogFile(library)) ?? 0) > CATALOG_VERSION;
  } catch {
    // The message says why it cannot be read.
    return false;
  }
}

/** Judge the catalog. A damaged or lost one is rebuilt from sidecars and hashes, and files that lack are repaired. */
export function judgeCatalog(facts: CatalogCondition): HealthFinding {
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
      return finding("catalog", state, { figures: { files } });
    }
    case "refused": {
      const { code, message, isNewer } = facts;
      const figures = { code };
      if (code === "integrity") {
        return finding("catalog", {
          en: message.replace(/: it is damaged$/, ""),
          ja: "カタログ（catalog.db）が破損していて、読み取れません",
        }, { figures });
      }
      if (isNewer) {
        return finding("newer-state", {
          en: message,
          ja: "新しいバージョンのプログラムが書いたカタログのため、読み取れません",
        }, { figures });
      }
      return finding("catalog", { en: message, ja: "カタログ（catalog.db）を開けません" }, {
        next: `ls -la ${quoteWord(facts.folder)}`,
        then: null,
        figures,
      });
    }
  }
}
