import { formatCount, formatDuration } from "../../lib/base/mod.ts";
import type { ExpectedRequests } from "../../lib/downloader/mod.ts";

/** Minimum duration of a listing that is announced, in milliseconds. */
const WORTH_TELLING_MS = 10_000;

/**
 * Render how long a listing will take.
 *
 * @returns One line; `null` for a short listing
 */
export function renderExpected(target: string, expected: ExpectedRequests): string | null {
  const { models, modelRequests, galleryRequests, modelMs, galleryMs } = expected;
  if (modelMs + galleryMs < WORTH_TELLING_MS) return null;
  const requests = `${target}: ${formatCount(models, "model takes", "models take")} ${
    formatCount(modelRequests, "request")
  }, about ${formatDuration(modelMs)} at Civitai's pace (--api-rate)`;
  if (galleryRequests === 0) return requests;
  return `${requests}; up to ${formatCount(galleryRequests, "gallery", "galleries")}, at most ${
    formatDuration(galleryMs)
  } (--image-rate; --gallery 0 leaves them out)`;
}
