import type { PlanContext } from "./plan_context.ts";

/** Models that one request of a listing brings at most. */
export const MODELS_A_PAGE = 100;

/** Requests a second that the client allows itself. */
export interface Pace {
  /** For models. */
  readonly modelRate: number;
  /** For images. */
  readonly imageRate: number;
}

/** What a target will ask for, and how long that takes at the pace that Civitai is asked at. */
export interface ExpectedRequests {
  /** Models that are asked about. */
  readonly models: number;
  /** Pages of models, a hundred each; those that the listing leaves out are asked for one by one besides. */
  readonly modelRequests: number;
  /** Galleries of the versions that the catalog knows; one request each, or none while they are fresh. */
  readonly galleryRequests: number;
  /** How long the requests for models take, at least, in milliseconds. */
  readonly modelMs: number;
  /** How long the requests for galleries take, at most, in milliseconds. */
  readonly galleryMs: number;
}

/**
 * Count requests before they are made.
 *
 * @param target How many models are listed, and how many of their versions the catalog knows
 * @param pace Requests a second
 * @returns The requests, and the time that they take
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

/** Tell what is going to be asked, where the pace is known. */
export function tellExpected(
  { pace, onEvent }: Pick<PlanContext, "pace" | "onEvent">,
  target: { readonly name: string; readonly models: number; readonly galleries: number },
): void {
  if (pace === undefined) return;
  onEvent({ type: "expect", target: target.name, ...expectRequests(target, pace) });
}
