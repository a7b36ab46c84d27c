import { existsSync, systemClock } from "../../base/mod.ts";
import { join } from "node:path";
import type { KitError } from "../../base/mod.ts";
import type { FailureClass } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import { type PartDecision, partPathOf, type Profile, readJournal } from "../../transfer/mod.ts";
import type { ItemTerms, SettledFetch } from "../settled_fetch.ts";
import type { ProfileSlots } from "./profile_slots.ts";
import { ItemMeasurement } from "./_item_measurement.ts";
import { HandOver } from "./run_rollout.ts";

/** Result of an item that the disk has no room for. */
export const NO_ROOM = Symbol("no room");

/** The class of an item's failure, `null` if it succeeded. */
type ItemEnd = FailureClass | null | typeof NO_ROOM;

/** Options of {@linkcode runInArm}. */
export interface ArmOptions {
  /** Limits the items that each profile fetches at once; shared by the workers of a run. */
  readonly slots: ProfileSlots;
  /** Whether this is the last pass, after failures in those before. */
  readonly isLastTry: boolean;
  /** Runs the item once. */
  readonly run: (
    terms: ItemTerms,
    onFailure: ((error: KitError) => void) | undefined,
  ) => Promise<ItemEnd>;
}

/**
 * Run an item with the engine that the rollout chooses, and count how it ends. If the rollout is aborted meanwhile, the
 * item is interrupted, and the stable engine goes on where it stopped. Without a rollout, the item just runs.
 */
export async function runInArm(context: SettledFetch, item: CatalogItem, options: ArmOptions): Promise<ItemEnd> {
  const { rollout, mode, signal } = context;
  const { slots, isLastTry, run } = options;
  if (rollout === undefined) return await run(usualTerms(context), undefined);
  for (;;) {
    const decision = await rollout.decide(item, await recordedDecisions(context, item), isLastTry);
    if (decision === null) return await run(usualTerms(context), undefined);
    const profile = mode.profileUpTo(decision.profile);
    const isCurrent = (): boolean => mode.profileUpTo(decision.profile).name === profile.name;
    using slot = await acquireSlot(context, { slots, profile, kind: item.kind, isCurrent });
    // Another profile has other slots, which may be free.
    if (slot === null) continue;
    // While the item waited for a slot, the rollout or the failsafe may have changed.
    const now = await rollout.decide(item, await recordedDecisions(context, item), isLastTry);
    if (now?.arm !== decision.arm || now.attempt !== decision.attempt || now.profile !== decision.profile) continue;
    // An item that got a more careful profile than its arm's says nothing about that one.
    const isOwnProfile = profile.name === now.profile;
    using use = rollout.begin(now);
    const measurement = new ItemMeasurement();
    const own: ItemTerms = {
      profile,
      decision: now,
      signal: AbortSignal.any([signal, use.signal]),
      onEvent(event) {
        measurement.note(event);
        if (isOwnProfile) use.note(event);
        context.onEvent(event);
        rollout.poll();
      },
    };
    try {
      const end = await run(own, (error) => measurement.fail(error));
      const isMeasured = now.isMeasured && isOwnProfile && end !== NO_ROOM;
      const outcome = isMeasured ? measurement.conclude() : null;
      if (outcome !== null) await rollout.record(now, outcome);
      return end;
    } catch (error) {
      if (!(error instanceof HandOver) || signal.aborted) throw error;
    }
  }
}

/** How an item is fetched about which no rollout decides: with the profile of the mode. */
function usualTerms({ mode, signal, onEvent }: SettledFetch): ItemTerms {
  return { profile: mode.profile, signal, onEvent };
}

/**
 * Time between two checks of the mode while an item waits for a slot, in milliseconds. It is real time, even on a fake
 * clock: other processes change the mode in real time.
 */
const MODE_CHECK_MS = 250;

/** Wait for a slot of a profile; `null` if the mode chooses another profile first. */
async function acquireSlot(
  { signal }: Pick<SettledFetch, "signal">,
  { slots, profile, kind, isCurrent }: {
    readonly slots: ProfileSlots;
    readonly profile: Profile;
    readonly kind: CatalogItem["kind"];
    readonly isCurrent: () => boolean;
  },
): Promise<Disposable | null> {
  const end = new AbortController();
  const both = AbortSignal.any([signal, end.signal]);
  const check = async (): Promise<null> => {
    do await systemClock.sleep(MODE_CHECK_MS, { signal: both }); while (isCurrent());
    return null;
  };
  const slot = slots.acquire(profile, { kind, signal: both });
  const changed = check();
  try {
    const first = await Promise.race([slot, changed]);
    // Both may be ready at once.
    if (first === null) slot.then((granted) => granted[Symbol.dispose](), () => {});
    return first;
  } finally {
    // A wait that is left gives up its place.
    end.abort();
    changed.catch(() => {});
    slot.catch(() => {});
  }
}

/** Read the decisions in the journal of an item's part. Most items have no part, and a synchronous check is cheaper. */
async function recordedDecisions({ library }: SettledFetch, item: CatalogItem): Promise<readonly PartDecision[]> {
  const path = join(library.root, item.path);
  if (!existsSync(partPathOf(path))) return [];
  return (await readJournal(path))?.decisions ?? [];
}
