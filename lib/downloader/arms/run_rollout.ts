import type { CatalogItem } from "../../library/mod.ts";
import type { Arm, ArmOutcome } from "../../rollout/mod.ts";
import type { DownloadEvent } from "../download_event.ts";
import type { PartDecision, ProfileName } from "../../transfer/mod.ts";

/** What a rollout decides about one item. */
export interface EngineDecision {
  /** The attempt of the rollout that decided. */
  readonly attempt: string;
  /** The arm of the item. */
  readonly arm: Arm;
  /** The most aggressive profile that the item may use. */
  readonly profile: ProfileName;
  /** Whether the judge counts how the item ends. */
  readonly isMeasured: boolean;
}

/** An item under way with the engine that a rollout chose; dispose it when the item has ended. */
export interface EngineUse extends Disposable {
  /** Aborts when the rollout is aborted and another engine must finish the item; its reason is a `HandOver`. */
  readonly signal: AbortSignal;
  /** Note an event of the item: how fast its bytes arrive is compared with files of the other engine. */
  note(event: DownloadEvent): void;
}

/** The part of a rollout that a run uses; see `openLibraryRollout`. */
export interface RunRollout {
  /**
   * Decide about an item that starts now.
   *
   * @param item The item
   * @param recorded Decisions in the journal of its part: a part keeps its arm while the rollout runs
   * @param isLastTry Whether this is the last pass of the run: the stable engine then fetches the item, and it is not
   * counted
   * @returns The decision; `null` without a rollout
   */
  decide(
    item: Pick<CatalogItem, "kind" | "versionId" | "fileId">,
    recorded: readonly PartDecision[],
    isLastTry: boolean,
  ): Promise<EngineDecision | null>;
  /** Note that an item starts. */
  begin(decision: EngineDecision): EngineUse;
  /** Notice changes by other processes; called often, and mostly does nothing. */
  poll(): void;
  /**
   * Count how an item ended.
   *
   * @param decision The decision about it
   * @param outcome How it ended
   */
  record(decision: EngineDecision, outcome: ArmOutcome): Promise<void>;
}

/** Why an item is interrupted: its rollout was aborted. */
export class HandOver extends Error {
  /** The name that stack traces print. */
  override name = "HandOver";
}
