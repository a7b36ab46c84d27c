import type { PlanContext } from "./plan_context.ts";

/** Maximum number of models in one page of a listing. */
export const MODELS_A_PAGE = 100;

/** Rates that the client limits its requests to. */
export interface Pace {
  /** Requests for models per second. */
  readonly modelRate: number;
  /** Requests for images per second. */
  readonly imageRate: number;
}

/** Number of requests that a target needs, and the time that they take at the client's pace. */
export interface ExpectedRequests {
  /** Models that are listed. */
  readonly models: number;
  /** Pages of up to a hundred models; models that the listing leaves out need one request each in addition. */
  readonly modelRequests: number;
  /** Galleries of the versions in the catalog: at most one request each, none while a gallery is fresh. */
  readonly galleryRequests: number;
  /** Least time that the requests for models take, in milliseconds. */
  readonly modelMs: number;
  /** Longest time that the requests for galleries take, in milliseconds. */
  readonly galleryMs: number;
}

/**
 * Compute how many requests a target needs.
 *
 * @param target Number of models in the listing, and number of galleries that may be requested
 * @param pace Requests per second
 * @returns Numbers of requests, and the time that they take
 */
export function expectRequests(
  target: { readonly models: number; readonly galleries: number },
  pace: Pace,
): ExpectedRequests {
  const { models, galleries } = target;
  const modelRequests = Math.ceil(models / MODELS_A_PAGE);
  return {
    models,
    modelRequests,
    galleryRequests: galleries,
    modelMs: modelRequests / pace.modelRate * 1000,
    galleryMs: galleries / pace.imageRate * 1000,
  };
}

/** Send an `expect` event for a target, if the pace is known. */
export function tellExpected(
  { pace, onEvent }: Pick<PlanContext, "pace" | "onEvent">,
  target: { readonly name: string; readonly models: number; readonly galleries: number },
): void {
  if (pace === undefined) return;
  onEvent({ type: "expect", target: target.name, ...expectRequests(target, pace) });
}
