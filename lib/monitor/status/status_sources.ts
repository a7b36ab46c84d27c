import type { StatusDocument } from "../../status/mod.ts";

/** Whether something works. */
export interface StatusHealth {
  /** Whether it works. */
  readonly isHealthy: boolean;
  /** What is wrong, one sentence; `null` if nothing is. */
  readonly reason: string | null;
}

/** What a server says of the state of the downloads; each function returns what is known now. */
export interface StatusSources {
  readonly status: () => StatusDocument | Promise<StatusDocument>;
  /** The metrics in Prometheus' text format. */
  readonly metricsText: () => string | Promise<string>;
  readonly health: () => StatusHealth;
}
