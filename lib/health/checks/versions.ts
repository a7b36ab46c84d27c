import { join } from "node:path";
import { VERSION } from "../../base/mod.ts";
import { CATALOG_VERSION, readCatalogVersion, STATE_FOLDER } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { readStateFiles } from "../state_files.ts";

/** Versions of everything that has one. */
export interface VersionFacts {
  readonly program: string;
  readonly deno: string;
  /** Version of the catalogs that this program writes. */
  readonly ownCatalog: number;
  /** Version of the library's catalog; `null` if there is none, or it cannot be read. */
  readonly catalog: number | null;
  /** State files that a newer program wrote. */
  readonly newerState: readonly string[];
}

export const VERSIONS_CHECK = defineCheck({
  name: "versions",
  question: "Do program, Deno, catalog and state fit together?",
  touches: "catalog",
  problem: "newer-state",
  measure: measureVersions,
  judge: judgeVersions,
});

async function measureVersions({ library, clock }: HealthPlace): Promise<VersionFacts> {
  const state = await readStateFiles({ library, clock }).catch(() => null);
  return {
    program: VERSION,
    deno: Deno.version.deno,
    ownCatalog: CATALOG_VERSION,
    catalog: catalogVersion(join(library, STATE_FOLDER, "catalog.db")),
    newerState: (state ?? []).filter(({ verdict }) => verdict === "newer").map(({ name }) => name),
  };
}

function catalogVersion(path: string): number | null {
  try {
    return readCatalogVersion(path);
  } catch {
    // The check "catalog" reports one that cannot be read.
    return null;
  }
}

/** The first release of Deno with everything that the program uses. */
const OLDEST_DENO = [2, 9] as const;

/** Judge the versions. */
export function judgeVersions(facts: VersionFacts): HealthFinding {
  const { program, deno, ownCatalog, catalog, newerState } = facts;
  const figures = { program, deno, ownCatalog, catalog, newerState };
  const programs = [`civitai-dl ${program}`, `Deno ${deno}`];
  const state = {
    en: `${programs.join(", ")}, ${catalog === null ? "no catalog yet" : `catalog of form ${catalog}`}`,
    ja: `${programs.join("、")}、${catalog === null ? "カタログはまだありません" : `カタログの形式 ${catalog}`}`,
  };
  if ((catalog ?? 0) > ownCatalog || newerState.length > 0) {
    const isCatalog = (catalog ?? 0) > ownCatalog;
    const what = [...isCatalog ? ["the catalog"] : [], ...newerState].join(", ");
    return finding("fail", {
      en: `${state.en}; this one reads catalogs up to form ${ownCatalog}, and not ${what}`,
      ja: `${state.ja}。${
        [...isCatalog ? ["カタログ"] : [], ...newerState].join("、")
      } は新しいバージョンが書いたものです（このバージョンが読める形式は ${ownCatalog}）`,
    }, { figures });
  }
  const [major = 0, minor = 0] = deno.split(".").map(Number);
  if (major < OLDEST_DENO[0] || (major === OLDEST_DENO[0] && minor < OLDEST_DENO[1])) {
    const oldest = OLDEST_DENO.join(".");
    return finding("warn", {
      en: `${state.en}; the program is tested with Deno ${oldest}`,
      ja: `${state.ja}。動作を確認しているのは Deno ${oldest} 以降です`,
    }, {
      remedy: "deno upgrade",
      figures,
    });
  }
  return finding("ok", state, { figures });
}
