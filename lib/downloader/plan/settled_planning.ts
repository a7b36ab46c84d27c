import type { Clock } from "../../base/mod.ts";
import type { Client } from "../../civitai/mod.ts";
import type { Forgotten } from "../../library/mod.ts";
import type { Choice } from "../choice.ts";
import type { Pace } from "./requests/expected_requests.ts";
import type { DownloadEvent } from "../download_event.ts";
import type { Library } from "../open_library.ts";
import type { PlanReport } from "./report/plan_report.ts";
import type { PlanRetries } from "./plan_retries.ts";
import type { ServiceWatch } from "./requests/service_watch.ts";

/** What a plan is made with; every field is present. */
export interface SettledPlanning {
  /** The library; the plan is written to its catalog. */
  readonly library: Library;
  /** Client of the API that lists models and images. */
  readonly client: Client;
  /** Filters, limits and layout. */
  readonly choice: Choice;
  /** What the user has forgotten: it is not planned, whatever names it. */
  readonly forgotten: Forgotten;
  /** Id of the run that plans, in the catalog. */
  readonly runId: number;
  /** Collects counts, problems and evidence. */
  readonly report: PlanReport;
  /** Tracks whether the service responds, which decides whether one failure ends the run. */
  readonly service: ServiceWatch;
  /** Collects what failed for a reason that may be temporary, for a second try; `undefined` for none. */
  readonly retries: PlanRetries | undefined;
  /** Called with each event. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Source of timestamps and dates. */
  readonly clock: Clock;
  /** Number of galleries that are requested from the API concurrently. */
  readonly concurrency: number;
  /** Rates of the client, to announce how long a listing takes; `undefined` for no announcement. */
  readonly pace: Pace | undefined;
  /** Stops the planning; items that are already planned stay. */
  readonly signal: AbortSignal;
}
