import { type Clock, KitError, systemClock } from "../../base/mod.ts";
import { parseTargetWords, type Target } from "../../civitai/mod.ts";
import { type Choice, targetName, targetWord } from "../../downloader/mod.ts";
import { makePlan, type PlanRequest } from "./_make_plan.ts";
import type { OpenPreview, PlanKind } from "./open_preview.ts";
import type { Plan } from "./plan_shape.ts";

/** Plans that are kept. */
const MAX_PLANS = 20;
/** How long a plan is kept, in milliseconds. */
const KEPT_MS = 3_600_000;
/** Models and files that all kept plans may name together; beyond that, the oldest are dropped. */
const MAX_NAMES = 60_000;
/** Targets that one plan may have. */
const MAX_TARGETS = 10_000;
/** Shortest time between two notices of one plan while it is being made, in milliseconds. */
const NOTICE_MS = 250;

/** Options of {@linkcode PlanStore}. */
export interface PlanStoreOptions {
  readonly openPreview: OpenPreview;
  /** Hosts that targets may name in addition to Civitai. */
  readonly hosts?: readonly string[] | undefined;
  /** Called with the id of a plan that has changed. */
  readonly onChange?: ((id: string) => void) | undefined;
  /** Called with an error that nobody expects. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /**
   * Source of timestamps.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What a plan is asked for. */
export interface AddPlanOptions {
  /** What `download` takes, in any number of pieces. */
  readonly targets: readonly string[];
  /** Fields of the choice that replace those of the settings. */
  readonly choice?: Partial<Choice> | undefined;
  /** A request with the key of an earlier one gets the plan of that. */
  readonly key?: string | null | undefined;
}

/** A plan that is kept, or being made. */
interface KeptPlan {
  plan: Plan;
  readonly key: string | null;
  readonly addedAt: number;
  readonly stop: AbortController;
  /** Settles when it is made, has failed or was stopped. */
  made: Promise<void>;
  noticedAt: number;
}

/**
 * Makes plans by name in the background, and keeps them for an hour. One of each kind is made at a time, so that the
 * limits of the API hold, and a quick plan does not wait for the updates of a whole library.
 */
export class PlanStore implements AsyncDisposable {
  readonly #options: PlanStoreOptions;
  readonly #clock: Clock;
  /** By id, the oldest first. */
  readonly #plans = new Map<string, KeptPlan>();
  /** The last plan of each kind; the next one waits for it. */
  readonly #lanes = new Map<PlanKind, Promise<void>>();
  readonly #closed = new AbortController();

  /** Start without plans. */
  constructor(options: PlanStoreOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Begin a plan of targets.
   *
   * @returns The plan, which is being made
   * @throws {KitError} `usage` without a target; `inconclusive` if too many plans are being made
   */
  add({ targets: texts, choice = {}, key = null }: AddPlanOptions): Plan {
    const known = this.#byKey(key);
    if (known !== undefined) return known;
    const { targets, problems } = parseTargetWords(texts, { hosts: this.#options.hosts });
    const count = targets.length + problems.length;
    if (count === 0) throw new KitError("usage", "Cannot plan: there is no target", { hint: "Name what to fetch" });
    if (count > MAX_TARGETS) {
      throw new KitError("usage", `Cannot plan ${count} targets at once: at most ${MAX_TARGETS}`, {
        hint: "Write them to a file, and give that to civitai-dl download --from",
      });
    }
    return this.#begin({ kind: "download", targets, problems, choice }, key);
  }

  /**
   * Begin a plan of what is newer of all models of the library. While one is being made, it is returned instead.
   *
   * @throws {KitError} `inconclusive` if too many plans are being made
   */
  addUpdates({ key = null }: Pick<AddPlanOptions, "key"> = {}): Plan {
    const known = this.#byKey(key);
    if (known !== undefined) return known;
    const running = [...this.#plans.values()].find(({ plan }) => plan.kind === "update" && plan.state === "running");
    return running?.plan ?? this.#begin({ kind: "update", targets: [], problems: [], choice: {} }, key);
  }

  /** Find a plan; `null` if there is none, or no more. */
  get(id: string): Plan | null {
    this.#dropOld();
    return this.#plans.get(id)?.plan ?? null;
  }

  /**
   * Drop a plan; one that is being made is stopped.
   *
   * @returns Whether there was one
   */
  async remove(id: string): Promise<boolean> {
    const kept = this.#plans.get(id);
    if (kept === undefined) return false;
    this.#plans.delete(id);
    kept.stop.abort();
    await kept.made;
    return true;
  }

  /** Stop all plans that are being made, and wait for their end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await Promise.all([...this.#plans.values()].map(({ made }) => made));
    await Promise.all(this.#lanes.values());
    this.#plans.clear();
  }

  #byKey(key: string | null): Plan | undefined {
    this.#dropOld();
    return key === null ? undefined : [...this.#plans.values()].find((kept) => kept.key === key)?.plan;
  }

  #begin(request: PlanRequest, key: string | null): Plan {
    this.#makeRoom();
    const addedAt = this.#clock.now();
    const kept: KeptPlan = {
      plan: emptyPlan(request, addedAt),
      key,
      addedAt,
      stop: new AbortController(),
      made: Promise.resolve(),
      noticedAt: -Infinity,
    };
    this.#plans.set(kept.plan.id, kept);
    const before = this.#lanes.get(request.kind) ?? Promise.resolve();
    kept.made = before.then(() => this.#make(kept, request));
    this.#lanes.set(request.kind, kept.made);
    return kept.plan;
  }

  async #make(kept: KeptPlan, request: PlanRequest): Promise<void> {
    const signal = AbortSignal.any([kept.stop.signal, this.#closed.signal]);
    try {
      signal.throwIfAborted();
      const content = request.targets.length === 0 && request.kind === "download" ? null : await makePlan(request, {
        openPreview: this.#options.openPreview,
        onListed: (listed) => this.#change(kept, { listed }, { isProgress: true }),
        signal,
      });
      const nothing = "none of the targets can be used";
      this.#change(kept, { state: "ready", ...content ?? { nothing } });
      this.#dropOld();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof KitError)) this.#options.onError?.(error);
      this.#change(kept, { state: "failed", problem: toProblem(error) });
    }
  }

  #change(kept: KeptPlan, changes: Partial<Plan>, { isProgress = false } = {}): void {
    kept.plan = { ...kept.plan, ...changes };
    const now = this.#clock.monotonic();
    const isGone = this.#plans.get(kept.plan.id) !== kept;
    if (isGone || (isProgress && now - kept.noticedAt < NOTICE_MS)) return;
    kept.noticedAt = now;
    this.#options.onChange?.(kept.plan.id);
  }

  /** Drop the oldest plan that is not being made, if there are too many. */
  #makeRoom(): void {
    this.#dropOld();
    if (this.#plans.size < MAX_PLANS) return;
    if (!this.#dropOldest()) {
      throw new KitError("inconclusive", `Cannot plan: ${MAX_PLANS} plans are being made`, {
        hint: "Wait for one of them, or stop one",
      });
    }
  }

  /** Drop plans that are too old, and the oldest if all together name too much. */
  #dropOld(): void {
    const since = this.#clock.now() - KEPT_MS;
    for (const [id, { plan, addedAt }] of this.#plans) {
      if (plan.state !== "running" && addedAt < since) this.#plans.delete(id);
    }
    // The newest stays, however much it names.
    while (this.#plans.size > 1 && this.#countNames() > MAX_NAMES) if (!this.#dropOldest()) return;
  }

  #dropOldest(): boolean {
    const oldest = [...this.#plans].find(([, { plan }]) => plan.state !== "running");
    return oldest !== undefined && this.#plans.delete(oldest[0]);
  }

  #countNames(): number {
    return [...this.#plans.values()].flatMap(({ plan }) => plan.models)
      .reduce((sum, { versions }) => sum + versions.reduce((all, { files }) => all + files.length + 1, 1), 0);
  }
}

/** A plan of which nothing is known yet. */
function emptyPlan({ kind, targets, problems }: PlanRequest, addedAt: number): Plan {
  return {
    id: crypto.randomUUID(),
    kind,
    targets: [...new Set(targets.map(wordOf))],
    addedAt: new Date(addedAt).toISOString(),
    state: "running",
    problem: null,
    listed: 0,
    models: [],
    truncated: 0,
    posted: [],
    refused: [],
    refusedCount: 0,
    problems: [...problems],
    there: { count: 0, bytes: 0 },
    wanted: { files: 0, images: 0, bytes: 0 },
    nothing: null,
    freeBytes: 0,
    reserveBytes: 0,
    quota: { links: null, bytes: null },
  };
}

function wordOf(target: Target): string {
  const name = targetName(target);
  return targetWord(name) ?? name;
}

function toProblem(error: unknown): NonNullable<Plan["problem"]> {
  if (!(error instanceof KitError)) return { code: "failed", detail: "Cannot plan: an internal error", hint: null };
  return { code: error.code, detail: error.message, hint: error.hint ?? null };
}
