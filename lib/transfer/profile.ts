import { RETRY_POLICY } from "../failsafe/mod.ts";

/** How the engine is set. Each profile comes from a phase of its development, and the failsafe can fall back to it. */
export type ProfileName = "stable" | "resilient" | "parallel" | "turbo";

/** The limits of a profile. */
export interface Profile {
  /** Name of the profile, as shown to the user. */
  readonly name: ProfileName;
  /** Retries of one file after its first attempt. */
  readonly maxRetries: number;
  /** Limit of the TCP connection, DNS lookup included. */
  readonly connectTimeoutMs: number;
  /** Limit of the TLS handshake. */
  readonly tlsTimeoutMs: number;
  /** Limit from the request until the response headers. */
  readonly headerTimeoutMs: number;
  /** A body that brings fewer than `stallBytes` in this time is aborted and resumed. */
  readonly stallMs: number;
  /** Bytes that a body must bring within `stallMs`. */
  readonly stallBytes: number;
  /** Maximum of concurrent files, and of concurrent connections to one host; the host's limit adapts at or below it. */
  readonly connections: number;
  /** Maximum of connections for one file. */
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
