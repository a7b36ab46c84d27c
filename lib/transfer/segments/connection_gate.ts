/** Leave to have one connection to a host; dispose it when the connection is not needed any more. */
export interface ConnectionPermit extends Disposable {
  /** The answer began after so many milliseconds. */
  answered(latencyMs: number): void;
  /** Some of the body has come; told very often. */
  flows(): void;
  /** The host refused us for want of room. */
  refused(retryAfterMs: number | undefined): void;
  /** What was asked for did not come, or did not come whole: a broken connection, an answer of no use. */
  failed(error: unknown): void;
}

/** Decides how many connections each host may have; shared by all transfers. */
export interface ConnectionGate {
  /** Wait for a permit. */
  enter(host: string, options: { readonly signal?: AbortSignal | undefined }): Promise<ConnectionPermit>;
  /** A permit if one is free and nobody waits for it. */
  tryEnter(host: string): ConnectionPermit | null;
  /** Whether the host has served something in the last seconds; unknown where it is absent. */
  isServing?(host: string): boolean;
}

/** A gate that lets everybody through, for whoever needs no limit. */
export const OPEN_GATE: ConnectionGate = {
  enter: () => Promise.resolve(OPEN_PERMIT),
  tryEnter: () => OPEN_PERMIT,
};

/** A leave that tells nobody anything. */
export const OPEN_PERMIT: ConnectionPermit = {
  answered() {},
  flows() {},
  refused() {},
  failed() {},
  [Symbol.dispose]() {},
};
