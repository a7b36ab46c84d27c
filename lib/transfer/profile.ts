import { RETRY_POLICY } from "../failsafe/mod.ts";

/**
 * Name of a set of limits for the engine. Each profile comes from a phase of the engine's development, and the failsafe
 * can fall back to it.
 */
export type ProfileName = "stable" | "resilient" | "parallel" | "turbo";

/** The limits of a profile. */
export interface Profile {
  /** Name of the profile, as shown to the user. */
  readonly name: ProfileName;
  /** Retries of one file after its first attempt. */
  readonly maxRetries: number;
  /** Time limit for the TCP connection, including the DNS lookup. */
  readonly connectTimeoutMs: number;
  /** Time limit for the TLS handshake. */
  readonly tlsTimeoutMs: number;
  /** Time limit from the request to the response headers. */
  readonly headerTimeoutMs: number;
  /** A body that delivers fewer than `stallBytes` in this time is aborted and resumed. */
  readonly stallMs: number;
  /** Bytes that a body must deliver within `stallMs`. */
  readonly stallBytes: number;
  /**
   * Maximum number of concurrent files, and of concurrent connections to one host. The limit for each host adapts, but
   * never exceeds this maximum.
   */
  readonly connections: number;
  /** Maximum number of connections for one file. */
  readonly segments: number;
}

const RESILIENT = {
  maxRetries: RETRY_POLICY.file.retries,
  connectTimeoutMs: 15_000,
  tlsTimeoutMs: 15_000,
  headerTimeoutMs: 30_000,
  stallMs: 60_000,
  stallBytes: 4096,
};

/** The profiles, slowest first. The API's operators ask for at most four connections to storage. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  stable: {
    name: "stable",
    maxRetries: RETRY_POLICY.file.stableRetries,
    connectTimeoutMs: 60_000,
    tlsTimeoutMs: 60_000,
    headerTimeoutMs: 60_000,
    stallMs: 120_000,
    stallBytes: 1,
    connections: 1,
    segments: 1,
  },
  resilient: { name: "resilient", ...RESILIENT, connections: 1, segments: 1 },
  parallel: { name: "parallel", ...RESILIENT, connections: 4, segments: 1 },
  turbo: { name: "turbo", ...RESILIENT, connections: 4, segments: 4 },
};
