import { peakOverlap } from "../../lib/stats/mod.ts";
import type { ServedRequest } from "./_web_server.ts";

/** The log has milliseconds, so a connection that follows another may seem to overlap it. */
const BLUR_SECONDS = 0.002;

/** Compute the largest number of connections that were busy at one moment. */
export function busyConnections(requests: readonly ServedRequest[]): number {
  const byConnection = Map.groupBy(requests, (request) => request.connection);
  return peakOverlap([...byConnection.values()].map((list) => ({
    start: Math.min(...list.map((request) => request.endedAt - request.seconds)) + BLUR_SECONDS,
    end: Math.max(...list.map((request) => request.endedAt)),
  })));
}
