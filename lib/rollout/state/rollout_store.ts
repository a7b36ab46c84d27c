import { join } from "node:path";
import {
  cleanText,
  type Clock,
  ensurePrivateFolder,
  KitError,
  NewerStateError,
  setAside,
  StateFile,
  systemClock,
} from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import { move } from "./_move.ts";
import { lastLine } from "./_last_line.ts";
import { ROLLOUT_FORMAT } from "./_rollout_document.ts";
import { applyRequest, type RequestResult, type RolloutRequest } from "./apply_request.ts";
import type { RolloutEvent } from "./rollout_event.ts";
import { IDLE_ROLLOUT, type RolloutRecord } from "./rollout_record.ts";

/** Options of {@linkcode RolloutStore}. */
export interface RolloutStoreOptions {
  /** Command that this process runs; shown to whoever waits for the lock. */
  readonly command: string;
  /** Called with each transition that this process made, after it was written. */
  readonly onEvent?: ((event: RolloutEvent) => void) | undefined;
  /** Called once if the record could not be read and was moved aside. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * How long to wait for another process that changes the record, in milliseconds. Without a wait, whoever comes second
   * is refused.
   *
   * @default {0}
   */
  readonly waitMs?: number | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Old transitions are kept in one file of this size, beside the current one. */
const EVENTS_ROTATION = { maxBytes: 1 << 20, keep: 1 };

/**
 * The record of a rollout in a folder that several processes share: `rollout.json`, `rollout.lock`, and `rollout.jsonl`
 * with one line for each transition. A kill at any moment leaves the record before or after a change, and the line of a
 * transition that it prevented is written by the next change.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRolloutPlan, RolloutStore } from "@civitai-dl/civitai-dl/rollout";
 *
 * const text = "{ version: 1, name: search, from: old, to: new, steps: [{ setWeight: 100 }] }";
 * const store = new RolloutStore(await Deno.makeTempDir(), { command: "example" });
 * const { done } = await store.request({ type: "start", plan: parseRolloutPlan(text) });
 * assertEquals(done, '"search" is at 100 %');
 * assertEquals((await store.read()).state, "completed");
 * ```
 */
export class RolloutStore {
  readonly #folder: string;
  readonly #file: StateFile<RolloutRecord>;
  readonly #options: RolloutStoreOptions;
  #hasWrittenEvents = false;

  /**
   * Nothing is read or written yet.
   *
   * @param folder The folder; created by the first change
   * @param options Who changes the record, and observers
   */
  constructor(folder: string, options: RolloutStoreOptions) {
    this.#folder = folder;
    this.#file = new StateFile(join(folder, "rollout.json"), ROLLOUT_FORMAT);
    this.#options = options;
  }

  /** Path of the state file. */
  get path(): string {
    return this.#file.path;
  }

  /**
   * Read the record without a lock. One that cannot be read is moved aside.
   *
   * @returns The record; idle if there is no file
   * @throws {KitError} `unsafe` if a later version of the program wrote it
   */
  async read(): Promise<RolloutRecord> {
    try {
      return await this.peek();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return await this.change((rollout) => rollout);
    }
  }

  /**
   * Read the record without a lock, and without changing anything in the folder.
   *
   * @returns The record; idle if there is no file
   * @throws {SyntaxError} If it is corrupt; {@linkcode RolloutStore.read} would move it aside
   * @throws {KitError} `unsafe` if a later version of the program wrote it
   */
  async peek(): Promise<RolloutRecord> {
    return await this.#file.read() ?? IDLE_ROLLOUT;
  }

  /**
   * Change the record under the lock, with the newest record of all processes.
   *
   * @param decide Pure function from the record and the time in milliseconds since the epoch to the new record
   * @returns The new record
   * @throws {KitError} `unsafe` if another process holds the lock; otherwise as `read`
   */
  async change(decide: (rollout: RolloutRecord, now: number) => RolloutRecord): Promise<RolloutRecord> {
    return await this.#change(decide, { isAbort: false });
  }

  async #change(
    decide: (rollout: RolloutRecord, now: number) => RolloutRecord,
    how: { readonly isAbort: boolean },
  ): Promise<RolloutRecord> {
    const { command, waitMs, clock = systemClock, onEvent = () => {} } = this.#options;
    ensurePrivateFolder(this.#folder);
    const hint = "Another person or program is changing the rollout: look at civitai-dl rollout status";
    using _lock = await this.#file.lock({ command, hint, clock, ...waitMs === undefined ? {} : { waitMs } });
    const now = Math.round(clock.now());
    const old = await this.#load(now, how);
    const rollout = decide(old, now);
    const events = rollout.events.filter(({ id }) => id > old.revision);
    if (rollout !== old) await this.#write(rollout, { isTransition: rollout.revision !== old.revision });
    // A process that was killed may not have written the line of its transition.
    if (events.length > 0 || (!this.#hasWrittenEvents && rollout.events.length > 0)) await this.#writeEvents(rollout);
    for (const event of events) onEvent(event);
    return rollout;
  }

  /**
   * Apply the request of a person. An abort is refused only if a later version wrote the file: anything else
   * that cannot be used is moved aside.
   *
   * @param request What is asked
   * @returns The new record and what was done; the result has an error instead of an exception if it was refused
   * @throws {KitError} As {@linkcode RolloutStore.change}
   */
  async request(request: RolloutRequest): Promise<RequestResult> {
    let result: RequestResult | undefined;
    await this.#change((rollout, now) => {
      result = applyRequest(rollout, request, { now });
      return result.rollout;
    }, { isAbort: request.type === "abort" });
    return result!;
  }

  /**
   * Find out what a request would do, without a lock, and without changing anything in the folder.
   *
   * @param request What is asked
   * @returns As {@linkcode RolloutStore.request}
   * @throws {KitError} As {@linkcode RolloutStore.request}
   */
  async preview(request: RolloutRequest): Promise<RequestResult> {
    const { clock = systemClock } = this.#options;
    const now = Math.round(clock.now());
    const found = await this.#find({ isAbort: request.type === "abort" });
    const rollout = "problem" in found
      ? lose(await this.#lastEventId(), "its state cannot be used, and would be moved aside", now)
      : found.rollout;
    return applyRequest(rollout, request, { now });
  }

  async #load(now: number, how: { readonly isAbort: boolean }): Promise<RolloutRecord> {
    const found = await this.#find(how);
    return "problem" in found ? await this.#replaceLost(found.problem, now) : found.rollout;
  }

  /** Read the record, or say why it cannot be used and has to be moved aside. An abort goes on whatever is in its place. */
  async #find(
    { isAbort }: { readonly isAbort: boolean },
  ): Promise<{ readonly rollout: RolloutRecord } | { readonly problem: string }> {
    try {
      const rollout = await this.#file.read();
      return { rollout: rollout ?? { ...IDLE_ROLLOUT, revision: await this.#lastEventId() } };
    } catch (error) {
      const isLost = error instanceof SyntaxError || isAbort && !(error instanceof NewerStateError);
      if (!isLost || !(error instanceof Error)) throw error;
      return {
        problem: error instanceof KitError
          ? error.message
          : `Cannot read "${this.#file.path}": ${cleanText(error.message)}`,
      };
    }
  }

  /** Move a record that cannot be used aside. Everything gets the stable alternative until a person decides. */
  async #replaceLost(problem: string, now: number): Promise<RolloutRecord> {
    const { onWarning = () => {}, onEvent = () => {} } = this.#options;
    const aside = await setAside(this.#file.path);
    onWarning(`${problem}; moved to "${aside}"; ${ROLLOUT_FORMAT.loss}`);
    const reason = `its state could not be used, and was moved to "${aside}"`;
    const lost = lose(await this.#lastEventId(), reason, now);
    await this.#write(lost, { isTransition: true });
    await this.#writeEvents(lost);
    for (const event of lost.events) onEvent(event);
    return lost;
  }

  async #write(rollout: RolloutRecord, { isTransition }: { readonly isTransition: boolean }): Promise<void> {
    // A power cut may lose counts of downloads, which a kill cannot. A transition is flushed to the disk.
    await this.#file.write(rollout, { sync: isTransition });
  }

  /** Append the transitions that the file of events lacks, also those of a process that was killed before it did. */
  async #writeEvents({ events }: RolloutRecord): Promise<void> {
    const last = await this.#lastEventId();
    using log = new LogWriter(this.#eventsPath, { rotation: EVENTS_ROTATION });
    for (const event of events) if (event.id > last) log.append(JSON.stringify(event));
    this.#hasWrittenEvents = true;
  }

  async #lastEventId(): Promise<number> {
    for (const path of [this.#eventsPath, `${this.#eventsPath}.1`]) {
      const line = await lastLine(path);
      if (line !== null) return (JSON.parse(line) as RolloutEvent).id;
    }
    return 0;
  }

  get #eventsPath(): string {
    return join(this.#folder, "rollout.jsonl");
  }
}

/** The record after one that cannot be used. */
function lose(revision: number, reason: string, now: number): RolloutRecord {
  const to = { state: "degraded" } as const;
  return move({ ...IDLE_ROLLOUT, revision }, { action: "lose", by: "program", reason, to, now });
}
