/** How the engine works; each name is a phase of its development and can be fallen back to. */
export type ProfileName = "stable" | "resilient";

/** The limits of a profile. */
export interface Profile {
  /** Its name. */
  readonly name: ProfileName;
  /** Retries of one file after its first try. */
  readonly maxRetries: number;
  /** How long a connection may take to bring the first header. */
  readonly headerTimeoutMs: number;
  /** A body that brings fewer than `stallBytes` in this time is cut and resumed. */
  readonly stallMs: number;
  /** See `stallMs`. */
  readonly stallBytes: number;
}

/** The profiles that exist today. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  stable: { name: "stable", maxRetries: 5, headerTimeoutMs: 60_000, stallMs: 120_000, stallBytes: 1 },
  resilient: { name: "resilient", maxRetries: 8, headerTimeoutMs: 30_000, stallMs: 60_000, stallBytes: 4096 },
};
