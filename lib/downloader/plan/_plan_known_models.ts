import { formatCount, KitError } from "../../base/mod.ts";
import type { Model, Page } from "../../civitai/mod.ts";
import { TimeSlices } from "../../library/mod.ts";
import { groupByChoice } from "../choice_memory.ts";
import { planTargetOrReport } from "./_plan_or_report.ts";
import { planGalleries } from "./plan_images.ts";
import type { PlannedVersion } from "./plan_model.ts";
import { planPage } from "./_plan_page.ts";
import type { PlanTarget } from "./plan_target.ts";
import { readAhead } from "./_read_ahead.ts";
import { isRemoved } from "./removal_notes.ts";
import { recordRemoved, settleVanished } from "./removed_parts.ts";
import { announceRequests, MODELS_A_PAGE } from "./requests/expect_requests.ts";
import { isStillUnavailable, requestModel } from "./_request_model.ts";
import type { SettledPlanning } from "./settled_planning.ts";

/** Longest time without a turn of the event loop where no request is waited for, in milliseconds. */
const SLICE_MS = 10;
/** Models whose versions are counted at once. */
const MODELS_A_COUNT = 5000;

/** Plan models of the library with the choices of their last downloads: what is newer than what it has. */
export async function planKnownModels(
  context: SettledPlanning,
  target: Extract<PlanTarget, { readonly type: "models" }>,
): Promise<void> {
  const { choice, forgotten, library: { catalog } } = context;
  const { given = [] } = target;
  // They need not be requested.
  const ids = forgotten.size === 0
    ? target.ids
    : target.ids.filter((modelId) => forgotten.find({ modelId, creator: catalog.model(modelId)?.creator }) === null);
  let before = 0;
  const slices = new TimeSlices({ sliceMs: 0 });
  await slices.pause();
  const groups = groupByChoice(catalog, ids, { choice, given });
  await slices.pause();
  for (const group of groups) {
    await planGroup({ ...context, choice: group.choice }, group.ids, { before });
    before += group.ids.length;
  }
}

/**
 * Request models of one choice, a hundred at a time, and plan them.
 *
 * @param options Number of models of the choices before
 */
async function planGroup(
  context: SettledPlanning,
  ids: readonly number[],
  { before }: { readonly before: number },
): Promise<void> {
  const { choice, onEvent } = context;
  let seen = before;
  const slices = new TimeSlices({ sliceMs: SLICE_MS });
  const galleries = choice.gallery === 0 ? 0 : await countVersions(context, { ids, slices });
  announceRequests(context, { name: "update", models: ids.length, galleries });
  // The server works on the next hundred while these are planned.
  for await (const listed of readAhead(listModels(context, ids))) {
    const wanted = new Set(listed.ids);
    let files = 0;
    for (const { items } of listed.pages) {
      const found = items.filter((model) => wanted.delete(model.id));
      files += (await planHeld(context, found)).length;
    }
    if (listed.failure !== null) reportFailure(context, listed.failure, wanted);
    // The listing omits archived and hidden models; each of those is requested by its id.
    for (const id of wanted) {
      await planOmitted(context, id, { isListed: listed.failure === null });
      await slices.pause();
    }
    seen += listed.ids.length;
    onEvent({ type: "page", target: "update", models: seen, files });
  }
}

/** Count the known versions of models. */
async function countVersions(
  { library: { catalog } }: SettledPlanning,
  { ids, slices }: { readonly ids: readonly number[]; readonly slices: TimeSlices },
): Promise<number> {
  let count = 0;
  for (let start = 0; start < ids.length; start += MODELS_A_COUNT) {
    count += catalog.countVersions(ids.slice(start, start + MODELS_A_COUNT));
    await slices.pause();
  }
  return count;
}

/** What the API lists of some models. */
interface ListedModels {
  readonly ids: readonly number[];
  readonly pages: readonly Page<Model>[];
  /** Why the listing broke off; `null` if it was read to its end. */
  readonly failure: { readonly error: unknown } | null;
}

/** List models by their ids, a hundred at a time. A failure is part of the result, for the time when it is planned. */
async function* listModels(context: SettledPlanning, ids: readonly number[]): AsyncGenerator<ListedModels> {
  const { client, signal } = context;
  for (let start = 0; start < ids.length; start += MODELS_A_PAGE) {
    const asked = ids.slice(start, start + MODELS_A_PAGE);
    const pages: Page<Model>[] = [];
    let failure: ListedModels["failure"] = null;
    try {
      for await (const page of client.listModels({ ids: asked }, { signal })) pages.push(page);
    } catch (error) {
      failure = { error };
    }
    yield { ids: asked, pages, failure };
  }
}

/** Plan the versions of models that the library has, and newer ones, and record what the site has removed of them. */
async function planHeld(context: SettledPlanning, models: readonly Model[]): Promise<readonly PlannedVersion[]> {
  const held = context.library.catalog.publishedVersions(models.map(({ id }) => id));
  const { planned, vanished } = planPage(context, models, held);
  await settleVanished(context, vanished);
  await planGalleries(context, planned);
  return planned;
}

/** Warn of a listing that broke off; the rest is requested one by one, unless the failure ends the run. */
function reportFailure(
  { service, onEvent }: SettledPlanning,
  { error }: { readonly error: unknown },
  wanted: ReadonlySet<number>,
): void {
  if (service.scopeOf(error) === "run" || !(error instanceof KitError)) throw error;
  onEvent({
    type: "warning",
    message: `${error.message}; ${formatCount(wanted.size, "model is", "models are")} requested one by one`,
  });
}

/** Plan a model that the listing omits, or that it did not come to. */
async function planOmitted(
  context: SettledPlanning,
  id: number,
  { isListed }: { readonly isListed: boolean },
): Promise<void> {
  const { client, signal, library: { catalog } } = context;
  if (isStillUnavailable(context, id)) return;
  const part = { type: "model", modelId: id } as const;
  if (isRemoved(catalog, part)) return recordRemoved(context, part, { isNamed: false });
  await planTargetOrReport(context, { name: `model:${id}` }, async () => {
    // If the listing has failed, the service may be the wrong one, and so may its "not found".
    const model = isListed ? await requestModel(context, id, { isNamed: false }) : await client.model(id, { signal });
    if (model === null) return;
    await planHeld(context, [model]);
  });
}
