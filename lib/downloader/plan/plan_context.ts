import type { Clock } from "../../base/mod.ts";
import type { Client } from "../../civitai/mod.ts";
import type { Choice } from "../choice.ts";
import type { Pace } from "./expect_requests.ts";
import type { DownloadEvent } from "../watch/download_event.ts";
import type { Library } from "../open_library.ts";
import type { PlanReport } from "./plan_report.ts";
import type { ServiceWatch } from "./service_watch.ts";

/** What planning needs. */
export interface PlanContext {
  /** Where to. */
  readonly library: Library;
  /** Where from. */
  readonly client: Client;
  /** What is wanted. */
  readonly choice: Choice;
  /** The run that plans. */
  readonly runId: number;
  /** Collects the counts. */
  readonly report: PlanReport;
  /** Whether the service answers, which decides what one failure means for the rest. */
  readonly service: ServiceWatch;
  /** Told what happens. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Stamps and dates. */
  readonly clock: Clock;
  /**
   * Questions to the API at once, where one does not need the answer of another.
   *
   * @default {1}
   */
  readonly concurrency?: number | undefined;
  /** How fast the API is asked, for the announcement of how long that takes; without it there is none. */
  readonly pace?: Pace | undefined;
  /** Stops the planning; what was planned stays. */
  readonly signal: AbortSignal;
}
