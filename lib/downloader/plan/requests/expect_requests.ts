import type { ExpectedRequests, Pace } from "./expected_requests.ts";
import type { SettledPlanning } from "../settled_planning.ts";

/** Maximum number of models in one page of a listing. */
export const MODELS_A_PAGE = 100;

/**
 * Compute how many requests a target needs.
 *
 * @param target Number of models in the listing, and number of galleries that may be requested
 * @param pace Requests per second
 * @returns Numbers of requests, and the time that they will take
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
export function announceRequests(
  { pace, onEvent }: Pick<SettledPlanning, "pace" | "onEvent">,
  target: { readonly name: string; readonly models: number; readonly galleries: number },
): void {
  if (pace === undefined) return;
  onEvent({ type: "expect", target: target.name, ...expectRequests(target, pace) });
}
