import { type Clock, messageOf } from "../../base/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import {
  type Arm,
  armOf,
  type ArmOutcome,
  bucketOf,
  recordOutcomes,
  type RolloutOutcome,
  type RolloutRecord,
  type RolloutSpeed,
  type RolloutStore,
  settleRollout,
} from "../../rollout/mod.ts";
import { type PartDecision, type ProfileName, PROFILES } from "../../transfer/mod.ts";
import type { DownloadEvent } from "../download_event.ts";
import { SpeedComparisons } from "./speed_comparisons.ts";
import { type EngineDecision, type EngineUse, HandOver, type RunRollout } from "./run_rollout.ts";

/** Options of {@linkcode LibraryRollout}. */
export interface LibraryRolloutOptions {
  readonly store: RolloutStore;
  /** What was stored at the start. */
  readonly rollout: RolloutRecord;
  readonly clock: Clock;
  readonly onEvent: (event: DownloadEvent) => void;
  readonly onOutcome: (arm: Arm, outcome: ArmOutcome["type"]) => void;
  readonly onWarning: (message: string) => void;
}

/** Time in milliseconds between two looks for changes by other processes. */
const POLL_MS = 500;
/** Downloads that are kept while the state cannot be written. */
const MAX_PENDING = 1000;

/** The rollout of a library as one run sees it: decides about items, counts them, and hands them over after an abort. */
export class LibraryRollout implements RunRollout, AsyncDisposable {
  readonly #options: LibraryRolloutOptions;
  readonly #inUse = new Map<AbortController, EngineDecision>();
  readonly #pending: (RolloutOutcome | RolloutSpeed)[] = [];
  readonly #speeds: SpeedComparisons;
  #rollout: RolloutRecord;
  /** Id of the last event that was reported. The id of an event is the revision of the record that it leads to. */
  #seenId: number;
  #stamp: string;
  #polledAt = -Infinity;
  #queue: Promise<void> = Promise.resolve();
  #isWarned = false;

  constructor(options: LibraryRolloutOptions) {
    this.#options = options;
    this.#rollout = options.rollout;
    this.#seenId = options.rollout.revision;
    this.#stamp = this.#readStamp();
    this.#speeds = new SpeedComparisons({
      clock: options.clock,
      // Counted with the next file that ends.
      onRatio: (ratio) => this.#keep({ attempt: this.#rollout.attempt, ratio }),
    });
    const { plan, state, weight, reason } = options.rollout;
    options.onEvent({
      type: "rollout",
      rollout: plan?.name ?? "",
      action: "follow",
      by: "program",
      from: state,
      to: state,
      weight,
      isTrouble: state === "degraded",
      reason,
    });
  }

  async decide(
    item: Pick<CatalogItem, "kind" | "versionId" | "fileId">,
    recorded: readonly PartDecision[],
    isLastTry: boolean,
  ): Promise<EngineDecision | null> {
    this.#look();
    // Counts and changes under way come first, so that no item starts with an engine that was just given up.
    await this.#queue;
    const { state, plan, attempt, weight } = this.#rollout;
    if (state === "idle") return null;
    const stable = profileOf(plan?.from);
    // No file may be missing because of the engine that is on trial.
    if (state === "degraded" || (isLastTry && state !== "completed")) {
      return { attempt, arm: "rest", profile: stable, isMeasured: false };
    }
    if (state === "completed") return { attempt, arm: "canary", profile: profileOf(plan!.to), isMeasured: false };
    const arm = armOfItem(item, recorded, { attempt, salt: plan!.salt, weight });
    return { attempt, arm, profile: arm === "canary" ? profileOf(plan!.to) : stable, isMeasured: arm !== "rest" };
  }

  begin(decision: EngineDecision): EngineUse {
    const controller = new AbortController();
    if (decision.arm === "canary") this.#inUse.set(controller, decision);
    const flow = this.#speeds.follow(decision.arm === "canary" ? "canary" : "stable");
    return {
      signal: controller.signal,
      note: (event) => flow.note(event),
      [Symbol.dispose]: () => {
        flow.end();
        this.#inUse.delete(controller);
      },
    };
  }

  poll(): void {
    if (this.#options.clock.monotonic() - this.#polledAt >= POLL_MS) this.#look();
  }

  async record({ attempt, arm }: EngineDecision, outcome: ArmOutcome): Promise<void> {
    this.#options.onOutcome(arm, outcome.type);
    this.#keep({ attempt, arm, outcome });
    await this.#writePending();
  }

  /** Write what was counted. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#pending.length > 0) await this.#writePending();
    else await this.#queue;
  }

  async #writePending(): Promise<void> {
    this.#change((rollout, now) => recordOutcomes(rollout, this.#pending.splice(0), now));
    await this.#queue;
  }

  #keep(measured: RolloutOutcome | RolloutSpeed): void {
    this.#pending.push(measured);
    if (this.#pending.length > MAX_PENDING) this.#pending.shift();
  }

  /** Read the state again if another process changed it, and make the transitions that are due. */
  #look(): void {
    this.#polledAt = this.#options.clock.monotonic();
    const stamp = this.#readStamp();
    const isDue = settleRollout(this.#rollout, Math.round(this.#options.clock.now())) !== this.#rollout;
    if (isDue) return this.#change(settleRollout);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#enqueue(async () => this.#adopt(await this.#options.store.read()));
  }

  #change(decide: (rollout: RolloutRecord, now: number) => RolloutRecord): void {
    this.#enqueue(async () => {
      const kept = [...this.#pending];
      try {
        this.#adopt(await this.#options.store.change(decide));
        this.#stamp = this.#readStamp();
      } catch (error) {
        // The state could not be written: the counts are written with the next ones.
        if (this.#pending.length === 0) this.#pending.push(...kept);
        throw error;
      }
    });
  }

  /** Do one thing after another. An error does not end the run: downloads go on with the decisions known so far. */
  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error) => {
      if (this.#isWarned) return;
      this.#isWarned = true;
      const message = messageOf(error);
      this.#options.onWarning(`Cannot follow the rollout: ${message}`);
    });
  }

  #adopt(rollout: RolloutRecord): void {
    this.#rollout = rollout;
    for (const { id, rollout: name, action, by, from, to, weight, reason } of rollout.events) {
      if (id <= this.#seenId) continue;
      const isTrouble = to === "degraded";
      this.#options.onEvent({ type: "rollout", rollout: name, action, by, from, to, weight, isTrouble, reason });
    }
    this.#seenId = Math.max(this.#seenId, rollout.revision);
    for (const [controller, { attempt }] of this.#inUse) {
      // After the end of a rollout all items get its engine, also those that it chose under an earlier attempt.
      const isStillChosen = rollout.state === "completed" ||
        (rollout.state !== "degraded" && rollout.attempt === attempt);
      if (!isStillChosen) controller.abort(new HandOver(`The rollout was aborted: ${rollout.reason}`));
    }
  }

  /** Fingerprint the state file: each write creates a new one. */
  #readStamp(): string {
    try {
      const { mtime, size, ino } = Deno.statSync(this.#options.store.path);
      return `${mtime?.getTime()} ${size} ${ino}`;
    } catch {
      // It is gone or cannot be read: reading it will show which.
      return "";
    }
  }
}

/** The arm of an item: that of its part, if this attempt began it, otherwise that of its bucket. */
function armOfItem(
  { kind, versionId, fileId }: Pick<CatalogItem, "kind" | "versionId" | "fileId">,
  recorded: readonly PartDecision[],
  rollout: { readonly attempt: string; readonly salt: string; readonly weight: number },
): Arm {
  if (kind !== "file" || versionId === null || fileId === null) return "rest";
  const sticky = recorded.findLast(({ by }) => by === rollout.attempt)?.group;
  if (sticky === "canary" || sticky === "baseline" || sticky === "rest") return sticky;
  return armOf(bucketOf(`${versionId}:${fileId}`, rollout.salt), rollout.weight);
}

/** The profile of that name; the most careful one if the name is unknown. */
function profileOf(name: string | undefined): ProfileName {
  return name !== undefined && Object.hasOwn(PROFILES, name) ? name as ProfileName : "stable";
}
