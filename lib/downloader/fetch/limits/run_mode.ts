import { type Profile, type ProfileName, PROFILES } from "../../../transfer/mod.ts";
import { assertNotPaused, type RunFailsafe } from "./run_failsafe.ts";
import type { Throttle } from "./throttle.ts";

/** Options of {@linkcode RunMode}. */
export interface RunModeOptions {
  /** The most aggressive profile that the user allows. */
  readonly top: Profile;
  /** Sets the mode; without it, the profile is always `top`, and nothing pauses. */
  readonly failsafe?: Pick<RunFailsafe, "mode" | "status"> | undefined;
  /** Limits the connections further, as it says at the moment; without it, nothing does. */
  readonly throttle?: Pick<Throttle, "maxConnections"> | undefined;
}

/**
 * Determines the profile that a run may use now: the user's, or a more careful one while the failsafe requires it. Or
 * none, if the failsafe has paused.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RunMode } from "@civitai-dl/civitai-dl/downloader";
 * import { Failsafe } from "@civitai-dl/civitai-dl/failsafe";
 * import { PROFILES } from "@civitai-dl/civitai-dl/transfer";
 *
 * await using failsafe = Failsafe.inMemory();
 * const mode = new RunMode({ top: PROFILES.turbo, failsafe });
 * assertEquals(mode.profile.connections, 4);
 * failsafe.hold("stable");
 * assertEquals(mode.profile.connections, 1);
 * ```
 */
export class RunMode {
  readonly #top: Profile;
  readonly #failsafe: RunModeOptions["failsafe"];
  readonly #throttle: RunModeOptions["throttle"];
  readonly #profiles = new Map<string, Profile>();

  /**
   * Read nothing yet: each question asks the failsafe anew.
   *
   * @param options The user's profile, and the failsafe
   */
  constructor(options: RunModeOptions) {
    this.#top = options.top;
    this.#failsafe = options.failsafe;
    this.#throttle = options.throttle;
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
    const maxConnections = this.#throttle?.maxConnections ?? Infinity;
    if (mode === this.#top.name && this.#top.connections <= maxConnections) return this.#top;
    const name = `${mode} ${maxConnections}`;
    const known = this.#profiles.get(name);
    if (known !== undefined) return known;
    const { connections, segments } = this.#top;
    const profile = mode === this.#top.name ? this.#top : profileOf(mode);
    const bounded = {
      ...profile,
      connections: Math.min(connections, profile.connections, maxConnections),
      segments: Math.min(segments, profile.segments, maxConnections),
    };
    this.#profiles.set(name, bounded);
    return bounded;
  }

  /**
   * Throw if the failsafe has paused; otherwise do nothing.
   *
   * @throws {PausedError} If the failsafe has paused
   */
  assertRunning(): void {
    assertNotPaused(this.#failsafe);
  }
}

/** `paused` and unknown modes are not profiles: they stand for the most careful profile. */
function profileOf(mode: string): Profile {
  return Object.hasOwn(PROFILES, mode) ? PROFILES[mode as ProfileName] : PROFILES.stable;
}
