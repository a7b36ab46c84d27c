import { type Clock, systemClock } from "../../../base/mod.ts";
import {
  type Admission,
  breakerRefusal,
  type FailsafeStatus,
  type FailureClass,
  RETRY_POLICY,
} from "../../../failsafe/mod.ts";
import { type Profile, type ProfileName, PROFILES } from "../../../transfer/mod.ts";
import { PausedError } from "./paused_error.ts";

/** The part of the failsafe that a run uses; see `Failsafe` in `lib/failsafe`. */
export interface RunFailsafe {
  /** Current mode: the name of a profile, or `paused`. */
  readonly mode: string;
  /** Ask the breaker of a host whether a request may be sent now. */
  admit(key: string): Admission;
  /** Current state of mode and breakers, with reasons. */
  status(): FailsafeStatus;
}

/** Options of {@linkcode EngineMode}. */
export interface EngineModeOptions {
  /** The most aggressive profile that the user allows. */
  readonly top: Profile;
  /** Sets the mode and admits requests; without it, the profile is always `top` and no host is refused. */
  readonly failsafe?: RunFailsafe | undefined;
  /**
   * Longest wait for a host that does not respond, in milliseconds. After it, items from that host fail, and the others
   * continue.
   *
   * @default {300000}
   */
  readonly patienceMs?: number | undefined;
  /** Called once for each wait for a host, and again when the wait grows longer. */
  readonly onWait?: ((wait: HostWait) => void) | undefined;
  /**
   * Measures time and sleeps.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A pause during which no request is sent to a host. */
export interface HostWait {
  /** Name, with the port if it is not the default. */
  readonly host: string;
  /** Time until the breaker admits an attempt, in milliseconds. */
  readonly waitMs: number;
  /** Reason, as a predicate of the host's name: `answers with errors (500): 6 of its last 10 calls failed`. */
  readonly reason: string;
  /** Class of the failure that opened the breaker; `tripped` if a person did. */
  readonly failure: FailureClass;
}

/** Longest time between two checks of a refused host, in milliseconds: a person may close its breaker. */
const POLL_MS = 500;

/**
 * Time in milliseconds after which the start of a wait is forgotten. A breaker admits an attempt after no more than
 * five minutes, so a host that was not refused for twice as long was available in between.
 */
const FORGET_MS = 600_000;

/**
 * Determines the profile that a run may use now: the user's, or a more careful one while the failsafe requires it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EngineMode } from "@civitai-dl/civitai-dl/downloader";
 * import { Failsafe } from "@civitai-dl/civitai-dl/failsafe";
 * import { PROFILES } from "@civitai-dl/civitai-dl/transfer";
 *
 * await using failsafe = Failsafe.inMemory();
 * const mode = new EngineMode({ top: PROFILES.turbo, failsafe });
 * assertEquals(mode.profile.connections, 4);
 * failsafe.hold("stable");
 * assertEquals(mode.profile.connections, 1);
 * ```
 */
export class EngineMode {
  readonly #top: Profile;
  readonly #failsafe: RunFailsafe | undefined;
  readonly #patienceMs: number;
  readonly #clock: Clock;
  /** Refused hosts: when the wait began, and when the host was last refused. */
  readonly #unreachable = new Map<string, { readonly since: number; refusedAt: number }>();
  /** End of the last wait that was reported, by host. */
  readonly #reportedUntil = new Map<string, number>();
  readonly #onWait: (wait: HostWait) => void;
  readonly #profiles = new Map<string, Profile>();

  /**
   * Start with no known waits; the failsafe is not used yet.
   *
   * @param options The user's profile, the failsafe, and how long to wait for a host
   */
  constructor(options: EngineModeOptions) {
    const { top, failsafe, patienceMs = RETRY_POLICY.patienceMs, onWait = () => {}, clock = systemClock } = options;
    this.#onWait = onWait;
    this.#patienceMs = patienceMs;
    this.#top = top;
    this.#failsafe = failsafe;
    this.#clock = clock;
  }

  /** The profile for an item that starts now. It never has more connections or segments than the user's profile. */
  get profile(): Profile {
    return this.#boundedProfile(this.#failsafe?.mode ?? this.#top.name);
  }

  /**
   * The profile for an item that starts now and may use at most the named one. The failsafe and the user's profile may
   * require a more careful one.
   *
   * @param name Name of the most aggressive profile for this item
   * @returns The profile
   */
  profileUpTo(name: ProfileName): Profile {
    const { profile } = this;
    const names = Object.keys(PROFILES);
    return names.indexOf(profile.name) <= names.indexOf(name) ? profile : this.#boundedProfile(name);
  }

  #boundedProfile(mode: string): Profile {
    if (mode === this.#top.name) return this.#top;
    const known = this.#profiles.get(mode);
    if (known !== undefined) return known;
    const { connections, segments } = this.#top;
    // `paused` and unknown modes are not profiles: use the most careful profile.
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
   * Throw if the failsafe has paused; otherwise do nothing.
   *
   * @throws {PausedError} If the failsafe has paused
   */
  assertRunning(): void {
    if (this.#failsafe === undefined || this.#failsafe.mode !== "paused") return;
    const { mode } = this.#failsafe.status();
    throw new PausedError(mode);
  }

  /**
   * Wait until a request may be sent to a host.
   *
   * @param host Name, with the port if it is not the default
   * @param options Signal that stops the wait
   * @returns The answer of the breaker, which takes the outcome of the request; `null` without a failsafe
   * @throws {PausedError} If the failsafe pauses during the wait
   * @throws {FailureError} If the host's breaker has been open for too long; the error has the class of the failure
   * that opened it
   */
  async admit(
    host: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Admission | null> {
    const { signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      this.assertRunning();
      const admission = this.tryAdmit(host);
      // A probe does not prove yet that the host is up, so it does not end the wait.
      if (admission?.type === "allowed") this.#unreachable.delete(host);
      if (admission?.type !== "refused") return admission;
      this.#assertPatience(host, admission);
      this.#reportWait(host, admission);
      await this.#clock.sleep(Math.min(POLL_MS, Math.max(1, admission.retryInMs)), { signal });
    }
  }

  #reportWait(host: string, { retryInMs, refusal }: Admission): void {
    const until = this.#clock.monotonic() + retryInMs;
    // Clock and breaker are read one after the other, so the computed end of the same wait differs by a few
    // milliseconds each time.
    if (until < (this.#reportedUntil.get(host) ?? -Infinity) + POLL_MS) return;
    this.#reportedUntil.set(host, until);
    this.#onWait({ host, waitMs: retryInMs, reason: reasonOf(refusal), failure: refusal?.failure ?? "unknown" });
  }

  #assertPatience(host: string, admission: Admission): void {
    const now = this.#clock.monotonic();
    const known = this.#unreachable.get(host);
    // A host that was not refused for this long has admitted a request in between, if only a probe.
    const { since } = known === undefined || now - known.refusedAt > FORGET_MS ? { since: now } : known;
    this.#unreachable.set(host, { since, refusedAt: now });
    if (now - since < this.#patienceMs) return;
    throw breakerRefusal("Cannot fetch", { key: host, admission, waitedMs: now - since, retryable: false });
  }

  /** Ask the breaker of a host without waiting; `null` without a failsafe. */
  tryAdmit(host: string): Admission | null {
    return this.#failsafe?.admit(host) ?? null;
  }
}

function reasonOf(refusal: Admission["refusal"]): string {
  if (refusal === null) return "does not answer";
  return refusal.failure === "tripped" ? `was ${refusal.reason}` : refusal.reason;
}
