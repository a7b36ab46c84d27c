import type { Target, WordProblem } from "../../civitai/mod.ts";
import {
  type Choice,
  download,
  type DownloadEvent,
  libraryModels,
  type PlanTarget,
  readDayUse,
  settleLayout,
} from "../../downloader/mod.ts";
import { type NamedPlan, namePlan } from "./_name_plan.ts";
import type { OpenPreview, PlanKind, Preview } from "./open_preview.ts";
import type { Plan } from "./plan_shape.ts";

/** What a plan is made of. */
export interface PlanRequest {
  readonly kind: PlanKind;
  /** Targets that could be read. */
  readonly targets: readonly Target[];
  /** Words that could not. */
  readonly problems: readonly WordProblem[];
  /** Fields that replace those of the settings. */
  readonly choice: Partial<Choice>;
}

/** What a finished plan adds to one under way. */
export type PlanContent = NamedPlan & Pick<Plan, "freeBytes" | "reserveBytes" | "quota">;

/** Options of {@linkcode makePlan}. */
export interface MakePlanOptions {
  readonly openPreview: OpenPreview;
  /** Called with the number of models that were listed so far. */
  readonly onListed: (count: number) => void;
  readonly signal: AbortSignal;
}

/** Plan what a `download` or an `update` would fetch, by name, and change nothing. */
export async function makePlan(request: PlanRequest, options: MakePlanOptions): Promise<PlanContent> {
  const { kind } = request;
  const { signal } = options;
  const listed = new ListedModels(options.onListed);
  await using preview = await options.openPreview({ kind, onEvent: (event) => listed.record(event), signal });
  const { engine, pace, reserveBytes, limits } = preview;
  const { library, clock } = engine;
  const choice = settleChoice(preview, request.choice);
  const found: { content?: NamedPlan } = {};
  const targets = listTargets(preview, request);
  // To list all models of a large library takes a while.
  await new Promise((resolve) => setTimeout(resolve));
  const { plan } = await download({
    ...engine,
    targets,
    choice,
    command: kind,
    pace,
    reserveBytes,
    isPreview: true,
    async approve(plan, items) {
      found.content = await namePlan(plan, items, { signal });
      return false;
    },
    signal,
  });
  const { freeBytes } = plan;
  return {
    // A preview always shows its plan.
    ...found.content!,
    problems: [...request.problems, ...found.content!.problems],
    freeBytes,
    reserveBytes,
    quota: toQuota(await readDayUse(library.root, { limits, now: clock.now() })),
  };
}

/** The choice of the settings, with the fields of the request, and the layout of the library unless one of them sets it. */
function settleChoice({ engine, choice, isLayoutGiven }: Preview, given: Partial<Choice>): Choice {
  const requested = { ...choice, ...given.layout === undefined ? {} : { template: null }, ...given };
  const isGiven = isLayoutGiven || given.layout !== undefined || given.template !== undefined;
  const { layout, template } = settleLayout(engine.library.catalog, isGiven ? requested : null);
  return { ...requested, layout, template };
}

function listTargets({ engine, given }: Preview, { kind, targets, choice }: PlanRequest): readonly PlanTarget[] {
  if (kind === "download") return targets;
  const fields = Object.keys(choice) as (keyof Choice)[];
  return libraryModels(engine.library, [...new Set([...given, ...fields])]);
}

function toQuota(use: Awaited<ReturnType<typeof readDayUse>>): Plan["quota"] {
  if (use === null) return { links: null, bytes: null };
  const left = (limit: number | null, used: number) =>
    limit === null ? null : { left: Math.max(0, limit - used), limit };
  return { links: left(use.links, use.usedLinks), bytes: left(use.bytes, use.usedBytes) };
}

/** Counts the models that the events of a plan name. */
class ListedModels {
  readonly #onListed: (count: number) => void;
  readonly #pages = new Map<string, number>();
  #named = 0;

  constructor(onListed: (count: number) => void) {
    this.#onListed = onListed;
  }

  record(event: DownloadEvent): void {
    if (event.type === "page") this.#pages.set(event.target, event.models);
    else if (event.type === "listed" && /^(?:model|version|hash):/.test(event.target)) this.#named++;
    else return;
    this.#onListed([...this.#pages.values()].reduce((sum, count) => sum + count, this.#named));
  }
}
