import { type Clock, systemClock } from "../../base/mod.ts";
import { type Admission, breakerRefusal, type FailsafeStatus, RETRY_POLICY } from "../../failsafe/mod.ts";
import { type Profile, type ProfileName, PROFILES } from "../../transfer/mod.ts";
import { PausedError } from "./paused_error.ts";

/** What a run asks the failsafe; see `Failsafe` of the failsafe room. */
export interface RunFailsafe {
  /** The rung: the name of a profile, or `paused`. */
  readonly mode: string;
  /** Whether a host may be asked now. */
  admit(key: string): Admission;
  /** Why things are as they are. */
  status(): FailsafeStatus;
}

/** Options of {@linkcode EngineMode}. */
export interface EngineModeOptions {
  /** The boldest engine that the user wants. */
  readonly top: Profile;
  /** Decides; without it the engine is always the boldest. */
  readonly failsafe?: RunFailsafe | undefined;
  /**
   * Wait for a host that does not answer at most so long, in milliseconds; what needs it fails then, and the rest goes
   * on.
   *
   * @default {300000}
   */
  readonly patienceMs?: number | undefined;
  /** Told once for each wait for a host, and again when the wait grows longer. */
  readonly onWait?: ((wait: HostWait) => void) | undefined;
  /**
   * Waits.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** That nothing is asked of a host for a while. */
export interface HostWait {
  /** Name, with port if there is one. */
  readonly host: string;
  /** Until a try is let through. */
  readonly waitMs: number;
  /** Why, in words that follow the host's name, such as `answers with errors (500): 6 of its last 10 calls failed`. */
  readonly reason: string;
}

/** A host that may not be asked is looked at again after at most so long: another process may find it well. */
const LOOK_MS = 500;

/** A breaker lets somebody try after five minutes at the latest. */
const FORGET_MS = 600_000;

/** The engine that a run may use now: the user's, or a more careful one while the failsafe says so. */
export class EngineMode {
  readonly #top: Profile;
  readonly #failsafe: RunFailsafe | undefined;
  readonly #patienceMs: number;
  readonly #clock: Clock;
  /** Hosts that may not be asked, since when, and when that was seen last. */
  readonly #gone = new Map<string, { readonly since: number; seen: number }>();
  /** Until when waits were told, by host. */
  readonly #toldUntil = new Map<string, number>();
  readonly #onWait: (wait: HostWait) => void;
  readonly #profiles = new Map<string, Profile>();

  /**
   * Make one.
   *
   * @param options The user's engine, and who decides
   */
  constructor(options: EngineModeOptions) {
    const { top, failsafe, patienceMs = RETRY_POLICY.patienceMs, onWait = () => {}, clock = systemClock } = options;
    this.#onWait = onWait;
    this.#patienceMs = patienceMs;
    this.#top = top;
    this.#failsafe = failsafe;
    this.#clock = clock;
  }

  /** The engine for what begins now. */
  get profile(): Profile {
    const mode = this.#failsafe?.mode ?? this.#top.name;
    if (mode === this.#top.name) return this.#top;
    const known = this.#profiles.get(mode);
    if (known !== undefined) return known;
    const { connections, segments } = this.#top;
    // What is not an engine is not a reason to be bold.
    const profile = Object.hasOwn(PROFILES, mode) ? PROFILES[mode as ProfileName] : PROFILES.stable;
    const bounded = {
      ...profile,
      connections: Math.min(connections, profile.connections),
      segments: Math.min(segments, profile.segments),
    };
    this.#profiles.set(mode, bounded);
    return bounded;
  }

  /**
   * Go on only if anything may be done at all.
   *
   * @throws {PausedError} If the failsafe has paused
   */
  assertRunning(): void {
    if (this.#failsafe === undefined || this.#failsafe.mode !== "paused") return;
    const { mode } = this.#failsafe.status();
    throw new PausedError(mode);
  }

  /**
   * Wait until a host may be asked.
   *
   * @param host Name, with port if there is one
   * @returns To be told how it went
   * @throws {PausedError} If the failsafe pauses meanwhile
   * @throws {FailureError} Of the class that opened the host's breaker, if it has been open for too long
   */
  async admit(host: string, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<Admission | null> {
    const { signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      this.assertRunning();
      const admission = this.tryAdmit(host);
      // A probe is no answer yet.
      if (admission?.type === "allowed") this.#gone.delete(host);
      if (admission?.type !== "refused") return admission;
      this.#assertPatience(host, admission);
      this.#tellWait(host, admission);
      await this.#clock.sleep(Math.min(LOOK_MS, Math.max(1, admission.retryInMs)), { signal });
    }
  }

  #tellWait(host: string, { retryInMs, refusal }: Admission): void {
    const until = this.#clock.monotonic() + retryInMs;
    // Clock and breaker are read one after the other, so that the same end differs by some milliseconds.
    if (until < (this.#toldUntil.get(host) ?? -Infinity) + LOOK_MS) return;
    this.#toldUntil.set(host, until);
    this.#onWait({ host, waitMs: retryInMs, reason: reasonOf(refusal) });
  }

  #assertPatience(host: string, leave: Admission): void {
    const now = this.#clock.monotonic();
    const known = this.#gone.get(host);
    // Who was not refused for so long was let through in between, if only to try.
    const { since } = known === undefined || now - known.seen > FORGET_MS ? { since: now } : known;
    this.#gone.set(host, { since, seen: now });
    if (now - since < this.#patienceMs) return;
    throw breakerRefusal("Cannot fetch", { key: host, leave, waitedMs: now - since, retryable: false });
  }

  /** Ask without waiting; `null` when nobody decides. */
  tryAdmit(host: string): Admission | null {
    return this.#failsafe?.admit(host) ?? null;
  }
}

function reasonOf(refusal: Admission["refusal"]): string {
  if (refusal === null) return "does not answer";
  return refusal.failure === "tripped" ? `was ${refusal.reason}` : refusal.reason;
}
