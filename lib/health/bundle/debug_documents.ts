import { messageOf, VERSION } from "../../base/mod.ts";
import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS, openLibrary } from "../../downloader/mod.ts";
import { CATALOG_VERSION, catalogFile, readCatalogVersion } from "../../library/mod.ts";
import { collectMetrics } from "../../metrics/mod.ts";
import type { HealthPlace } from "../health_check.ts";
import { runHealthChecks } from "../run_health_checks.ts";

/** Names of creators in the catalog that are collected at most; more are not worth the time. */
const MAX_NAMES = 5000;
const DAY_MS = 86_400_000;

/** What the catalog says of the last plan, and the creators that it names. */
export interface CatalogFacts {
  /** Totals and last runs, or why the catalog cannot be read. */
  readonly plan: unknown;
  readonly creators: readonly string[];
}

/** Read the catalog without a lock. One that cannot be read is described. */
export async function readCatalogFacts(library: string): Promise<CatalogFacts> {
  try {
    using opened = await openLibrary(library, { command: "debug-info", mustExist: true, readOnly: true });
    const { catalog } = opened;
    const creators = new Set<string>();
    for (const { creator } of catalog.items()) {
      if (creator !== null) creators.add(creator);
      if (creators.size >= MAX_NAMES) break;
    }
    return { plan: { totals: catalog.totals(), runs: catalog.lastRuns(10) }, creators: [...creators] };
  } catch (error) {
    return { plan: { problem: messageOf(error) }, creators: [] };
  }
}

/** What {@linkcode makeDebugDocuments} cannot find out itself. */
export interface DebugFacts {
  /** What the catalog says of the last plan. */
  readonly plan: unknown;
  /** How the program was started, such as `executable`. */
  readonly form: string;
}

/**
 * Make the documents that describe the installation now. One that cannot be made says why.
 *
 * @param place The installation
 * @param facts Plan and form of the program
 * @returns The documents by their names in the archive
 */
export async function makeDebugDocuments(
  place: Omit<HealthPlace, "api">,
  { plan, form }: DebugFacts,
): Promise<ReadonlyMap<string, unknown>> {
  const { library, logs, signal } = place;
  const day = { folder: logs, windowMs: DAY_MS, definitions: DOWNLOAD_METRICS, derived: DOWNLOAD_DERIVED, signal };
  return new Map<string, unknown>([
    ["health.json", await attempt(() => runHealthChecks(place))],
    ["metrics.json", await attempt(() => collectMetrics(day))],
    ["plan.json", plan],
    ["versions.json", {
      program: VERSION,
      form,
      deno: Deno.version,
      os: Deno.build.os,
      arch: Deno.build.arch,
      ownCatalog: CATALOG_VERSION,
      catalog: await attempt(() => Promise.resolve(readCatalogVersion(catalogFile(library)))),
    }],
  ]);
}

async function attempt(make: () => Promise<unknown>): Promise<unknown> {
  try {
    return await make();
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
