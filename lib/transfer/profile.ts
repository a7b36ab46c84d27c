import { RETRY_POLICY } from "../failsafe/mod.ts";

/** How the engine works; each name is a phase of its development and can be fallen back to. */
export type ProfileName = "stable" | "resilient" | "parallel" | "turbo";

/** The limits of a profile. */
export interface Profile {
  /** Its name. */
  readonly name: ProfileName;
  /** Retries of one file after its first try. */
  readonly maxRetries: number;
  /** How long TCP may take, names included. */
  readonly connectTimeoutMs: number;
  /** How long the TLS handshake may take. */
  readonly tlsTimeoutMs: number;
  /** How long a connection may take to bring the first header. */
  readonly headerTimeoutMs: number;
  /** A body that brings fewer than `stallBytes` in this time is cut and resumed. */
  readonly stallMs: number;
  /** See `stallMs`. */
  readonly stallBytes: number;
  /** Files, and connections to one host, at once at most; the limit of a host adapts below it. */
  readonly connections: number;
  /** Connections for one file at most. */
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

/** The profiles, slowest first. Storage asks for no more than four connections (the API's operators say so). */
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
