import { basename } from "node:path/posix";
import { formatCount } from "../../base/mod.ts";
import type { LibraryListing, LibraryRow, RunItems, SizedPlan } from "../../downloader/mod.ts";
import type { Plan, PlannedModel } from "./plan_shape.ts";

/** Models that are named; of more, a person can deselect none by hand. */
const MAX_MODELS = 2000;
/** Files that are named, so that an answer stays below a few megabytes. */
const MAX_FILES = 10_000;
/** Entries of each list of what is not planned. */
const MAX_LISTED = 1000;
/** Rows that are read at once, before others get their turn. */
const ROWS_A_TURN = 500;

/** What the names of a plan make of it. */
export type NamedPlan = Pick<
  Plan,
  "models" | "truncated" | "posted" | "refused" | "refusedCount" | "problems" | "there" | "wanted" | "nothing"
>;

/**
 * Name what a plan would fetch, by model, version and file, and what it would not, and why.
 *
 * @param plan Counts and problems of the plan
 * @param items The items of its run, a page at a time
 * @param options Stops it
 */
export async function namePlan(
  plan: SizedPlan,
  items: RunItems,
  options: { readonly signal: AbortSignal },
): Promise<NamedPlan> {
  const wanted = new WantedNames(items.replacedKeys());
  for await (const row of inTurns(items.queued(), options)) wanted.add(row);
  const refused = await nameRefused(plan, items, options);
  const problems = [
    ...plan.problems.map(({ target, message }) => ({ target, message })),
    ...plan.unreadable.entries.map(({ target, name, reason }) => ({ target, message: `${name}: ${reason}` })),
  ];
  return {
    ...wanted.names(),
    ...refused,
    problems: problems.slice(0, MAX_LISTED),
    there: plan.there,
    wanted: plan.wanted,
    nothing: plan.nothing,
  };
}

/** Read the rows of a listing, and let others do something after each page of them. */
async function* inTurns(
  listing: LibraryListing,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<LibraryRow> {
  let rows = 0;
  for (const row of listing) {
    yield row;
    if (++rows % ROWS_A_TURN !== 0) continue;
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
}

/** A part of a plan that may still change. */
type Mutable<Part> = { -readonly [Name in keyof Part]: Part[Name] };
type OpenVersion = Mutable<PlannedModel["versions"][number]>;

/** A model under construction. */
interface OpenModel {
  readonly named: PlannedModel;
  readonly versions: Map<number, OpenVersion>;
}

/** Gathers the files and images of a plan by model and version. */
class WantedNames {
  readonly #replaced: ReadonlySet<string>;
  readonly #models = new Map<number, OpenModel>();
  readonly #omitted = new Set<number>();
  readonly #posted = new Map<string | null, { count: number; bytes: number }>();
  #files = 0;

  constructor(replaced: ReadonlySet<string>) {
    this.#replaced = replaced;
  }

  add(row: LibraryRow): void {
    const { modelId, creator, sizeBytes } = row;
    if (modelId === null) {
      const images = this.#posted.get(creator) ?? { count: 0, bytes: 0 };
      images.count++;
      images.bytes += sizeBytes ?? 0;
      this.#posted.set(creator, images);
      return;
    }
    const model = this.#models.get(modelId) ?? this.#openModel(modelId, row);
    if (model === null) return;
    const version = openVersion(model, row);
    if (row.kind !== "file") {
      version.images = { count: version.images.count + 1, bytes: version.images.bytes + (sizeBytes ?? 0) };
      return;
    }
    this.#files++;
    version.files.push({
      key: row.key,
      name: basename(row.path),
      bytes: sizeBytes,
      replaces: this.#replaced.has(row.key),
    });
  }

  names(): Pick<NamedPlan, "models" | "truncated" | "posted"> {
    return {
      models: [...this.#models.values()].map(({ named }) => named),
      truncated: this.#omitted.size,
      posted: [...this.#posted].slice(0, MAX_LISTED).map(([name, images]) => ({ name, images })),
    };
  }

  /** Start a model; `null` if there are too many. */
  #openModel(id: number, { modelName, modelType, creator }: LibraryRow): OpenModel | null {
    if (this.#models.size >= MAX_MODELS || this.#files >= MAX_FILES) {
      this.#omitted.add(id);
      return null;
    }
    const named = { id, name: modelName ?? `model:${id}`, type: modelType ?? "", creator, versions: [] };
    const model = { named, versions: new Map() };
    this.#models.set(id, model);
    return model;
  }
}

function openVersion({ named, versions }: OpenModel, { versionId, versionName, baseModel }: LibraryRow): OpenVersion {
  const id = versionId ?? 0;
  const known = versions.get(id);
  if (known !== undefined) return known;
  const version: OpenVersion = {
    id,
    name: versionName ?? "",
    base: baseModel ?? "",
    files: [],
    images: { count: 0, bytes: 0 },
  };
  named.versions.push(version);
  versions.set(id, version);
  return version;
}

/** Name what is not available now: files, versions that list none, and models that Civitai has no more. */
async function nameRefused(
  { refusedVersions, removed, forgotten }: SizedPlan,
  items: RunItems,
  options: { readonly signal: AbortSignal },
): Promise<Pick<NamedPlan, "refused" | "refusedCount">> {
  const refused: NamedPlan["refused"] = [];
  let refusedCount = 0;
  const add = (entry: NamedPlan["refused"][number]): void => {
    refusedCount++;
    if (refused.length < MAX_LISTED) refused.push(entry);
  };
  for (const listing of [items.waiting(), items.refused(), items.flagged()]) {
    for await (const row of inTurns(listing, options)) {
      const reason = row.reason ?? row.outcome ?? row.state;
      add({ name: nameRow(row), reason, code: codeOf(row) });
    }
  }
  for (const version of refusedVersions) {
    add({ name: `${version.modelName} / ${version.versionName}`, reason: version.reason, code: codeOf(version) });
  }
  for (const gone of removed) {
    const { keptFiles, isNews } = gone;
    if (!isNews) continue;
    const kept = keptFiles === 0
      ? "the library has no file of it"
      : `the library keeps ${formatCount(keptFiles, "file")}`;
    add({ name: nameRemoved(gone), reason: `removed on Civitai; ${kept}`, code: "removed" });
  }
  for (const { target, name, change } of forgotten) {
    add({ name: name ?? target, reason: `forgotten by change ${change}, which can be undone`, code: "forgotten" });
  }
  return { refused, refusedCount };
}

/** Why something is not available; what is only sold, and so has no date, is not in early access. */
function codeOf({ state, outcome }: { readonly state: string; readonly outcome: string | null }): string {
  return state === "refused" && outcome === "early-access" ? "paid" : outcome ?? state;
}

function nameRemoved({ modelId, name, version, file }: SizedPlan["removed"][number]): string {
  return [name ?? `model:${modelId}`, version?.name, file?.name].filter((part) => part !== undefined).join(" / ");
}

function nameRow({ modelName, versionName, creator, path }: LibraryRow): string {
  const file = basename(path);
  if (modelName === null) return `${creator ?? "unknown user"} / ${file}`;
  return [modelName, versionName, file].filter((part) => part !== null).join(" / ");
}
