import { join } from "node:path";
import {
  acquireLock,
  cleanText,
  type Clock,
  ensurePrivateFolder,
  KitError,
  NewerStateError,
  PRIVATE_FILE_MODE,
  readTextNoFollow,
  setAside,
  systemClock,
  writeAtomic,
} from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import { move } from "./_move.ts";
import { lastLine } from "./_last_line.ts";
import { parseRolloutDocument, renderRolloutDocument } from "./_rollout_document.ts";
import { applyRequest, type RequestResult, type RolloutRequest } from "./apply_request.ts";
import type { RolloutEvent } from "./rollout_event.ts";
import { IDLE_STATE, type RolloutState } from "./rollout_state.ts";

/** Options of {@linkcode RolloutStore}. */
export interface RolloutStoreOptions {
  /** Command that this process runs; shown to whoever waits for the lock. */
  readonly command: string;
  /** Called with each transition that this process made, after it was written. */
  readonly onEvent?: ((event: RolloutEvent) => void) | undefined;
  /** Called once if the state could not be read and was moved aside. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * How long to wait for another process that changes the state, in milliseconds. Without a wait, whoever comes second
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
 * The state of a rollout in a folder that several processes share: `rollout.json`, `rollout.lock`, and `rollout.jsonl`
 * with one line for each transition. A kill at any moment leaves the state before or after a change, and the line of a
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
 * assertEquals((await store.read()).phase, "completed");
 * ```
 */
export class RolloutStore {
  /** Path of the state file. */
  readonly path: string;
  readonly #folder: string;
  readonly #options: RolloutStoreOptions;
  #hasWrittenEvents = false;

  /**
   * Nothing is read or written yet.
   *
   * @param folder The folder; created by the first change
   * @param options Who changes the state, and observers
   */
  constructor(folder: string, options: RolloutStoreOptions) {
    this.#folder = folder;
    this.path = join(folder, "rollout.json");
    this.#options = options;
  }

  /**
   * Read the state without a lock. One that cannot be read is moved aside.
   *
   * @returns The state; idle if there is no file
   * @throws {KitError} `unsafe` if a later version of the program wrote it, `usage` if another program did
   */
  async read(): Promise<RolloutState> {
    const text = await this.#readText();
    if (text === null) return IDLE_STATE;
    try {
      return parseRolloutDocument(text, this.path);
    } catch (error) {
      if (error instanceof KitError) throw error;
      return await this.change((state) => state);
    }
  }

  /**
   * Read the state without a lock, and without changing anything in the folder.
   *
   * @returns The state; idle if there is no file
   * @throws {SyntaxError} If it is corrupt; {@linkcode RolloutStore.read} would move it aside
   * @throws {KitError} `unsafe` if a later version of the program wrote it, `usage` if another program did
   */
  async peek(): Promise<RolloutState> {
    const text = await this.#readText();
    return text === null ? IDLE_STATE : parseRolloutDocument(text, this.path);
  }

  /**
   * Change the state under the lock, with the newest state of all processes.
   *
   * @param decide Pure function from the state and the time in milliseconds since the epoch to the new state
   * @returns The new state
   * @throws {KitError} `unsafe` if another process holds the lock; otherwise as `read`
   */
  async change(decide: (state: RolloutState, now: number) => RolloutState): Promise<RolloutState> {
    return await this.#change(decide, { replacesForeign: false });
  }

  async #change(
    decide: (state: RolloutState, now: number) => RolloutState,
    how: { readonly replacesForeign: boolean },
  ): Promise<RolloutState> {
    const { command, waitMs, clock = systemClock, onEvent = () => {} } = this.#options;
    ensurePrivateFolder(this.#folder);
    const lockPath = join(this.#folder, "rollout.lock");
    const hint = "Another person or program is changing the rollout: look at civitai-dl rollout status";
    using _lock = await acquireLock(lockPath, { command, hint, clock, ...waitMs === undefined ? {} : { waitMs } });
    const now = Math.round(clock.now());
    const old = await this.#load(now, how);
    const state = decide(old, now);
    const events = state.events.filter(({ id }) => id > old.revision);
    if (state !== old) await this.#write(state, { isTransition: state.revision !== old.revision });
    // A process that was killed may not have written the line of its transition.
    if (events.length > 0 || (!this.#hasWrittenEvents && state.events.length > 0)) await this.#writeEvents(state);
    for (const event of events) onEvent(event);
    return state;
  }

  /**
   * Apply the request of a person. An abort is refused only if a later version wrote the file: anything else
   * that cannot be used is moved aside.
   *
   * @param request What is asked
   * @returns The new state and what was done; the result has an error instead of an exception if it was refused
   * @throws {KitError} As {@linkcode RolloutStore.change}
   */
  async request(request: RolloutRequest): Promise<RequestResult> {
    let result: RequestResult | undefined;
    await this.#change((state, now) => {
      result = applyRequest(state, request, { now });
      return result.state;
    }, { replacesForeign: replacesForeign(request) });
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
    const found = await this.#find({ replacesForeign: replacesForeign(request) });
    const state = "problem" in found
      ? lose(await this.#lastEventId(), "its state cannot be used, and would be moved aside", now)
      : found.state;
    return applyRequest(state, request, { now });
  }

  async #readText(): Promise<string | null> {
    try {
      return await readTextNoFollow(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      if (!(error instanceof Deno.errors.IsADirectory)) throw error;
      throw new KitError("usage", `Cannot read "${this.path}": it is a folder`, {
        hint: "Move the folder away; the program writes a file there",
        cause: error,
      });
    }
  }

  async #load(now: number, how: { readonly replacesForeign: boolean }): Promise<RolloutState> {
    const found = await this.#find(how);
    return "problem" in found ? await this.#replaceLost(found.problem, now) : found.state;
  }

  /** Read the state, or say why it cannot be used and has to be moved aside. */
  async #find(
    { replacesForeign }: { readonly replacesForeign: boolean },
  ): Promise<{ readonly state: RolloutState } | { readonly problem: string }> {
    try {
      const text = await this.#readText();
      const state = text === null ? { ...IDLE_STATE, revision: await this.#lastEventId() } : null;
      return { state: state ?? parseRolloutDocument(text!, this.path) };
    } catch (error) {
      if (error instanceof SyntaxError) return { problem: `Cannot read "${this.path}": ${cleanText(error.message)}` };
      if (error instanceof KitError && !(error instanceof NewerStateError) && replacesForeign) {
        return { problem: error.message };
      }
      throw error;
    }
  }

  /** Move a state that cannot be used aside. Everything gets the stable alternative until a person decides. */
  async #replaceLost(problem: string, now: number): Promise<RolloutState> {
    const { onWarning = () => {}, onEvent = () => {} } = this.#options;
    const aside = await setAside(this.path);
    const until = "everything uses the stable alternative until canary or rollout end";
    onWarning(`${problem}; moved to "${aside}"; ${until}`);
    const reason = `its state could not be used, and was moved to "${aside}"`;
    const lost = lose(await this.#lastEventId(), reason, now);
    await this.#write(lost, { isTransition: true });
    await this.#writeEvents(lost);
    for (const event of lost.events) onEvent(event);
    return lost;
  }

  async #write(state: RolloutState, { isTransition }: { readonly isTransition: boolean }): Promise<void> {
    // A power cut may lose counts of downloads, which a kill cannot. A transition is flushed to the disk.
    await writeAtomic(this.path, renderRolloutDocument(state), { sync: isTransition, mode: PRIVATE_FILE_MODE });
  }

  /** Append the transitions that the file of events lacks, also those of a process that was killed before it did. */
  async #writeEvents({ events }: RolloutState): Promise<void> {
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

/** Whether a request goes on if the file is that of another program, or a folder. */
function replacesForeign({ type }: RolloutRequest): boolean {
  return type === "abort";
}

/** The state after one that cannot be used. */
function lose(revision: number, reason: string, now: number): RolloutState {
  const to = { phase: "degraded" } as const;
  return move({ ...IDLE_STATE, revision }, { action: "lose", by: "program", reason, to, now });
}
