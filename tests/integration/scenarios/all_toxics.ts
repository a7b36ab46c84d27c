import type { ToxicRule } from "../../../lib/sandbox/mod.ts";

/** Every toxic of the sandbox at one rate. Images are not corrupted, since they have no published hashes. */
export function allToxics(rate: number): readonly ToxicRule[] {
  return [
    { type: "latency", ms: 50, rate },
    { type: "jitter", ms: 200, rate },
    { type: "bandwidth", bytesPerSecond: 200_000, rate },
    { type: "slowBody", ms: 5, rate },
    { type: "reset", on: ["storage", "image"], rate },
    { type: "stall", rate },
    { type: "silence", rate },
    { type: "trickle", bytesPerSecond: 64, forMs: 5000, rate },
    { type: "truncate", on: ["storage", "image"], rate },
    { type: "corrupt", rate },
    { type: "wrongRange", rate },
    { type: "changedEtag", rate },
    { type: "expiredUrl", rate },
    { type: "loginHtml", rate },
    { type: "serverError", rate },
    { type: "throttle", rate },
    { type: "emptyImages", rate },
    { type: "controlCharacters", rate },
  ];
}
