import { MACHINE } from "./gate_evidence.ts";

/** A report of the production test of a tag. */
export function productionEvidence(tag: string, sha: string, verdict: "pass" | "fail" = "pass"): string {
  return JSON.stringify({
    schema: "civitai-dl/production",
    version: 1,
    tool: { name: "civitai-dl", version: tag.slice(1), deno: "2.9.6", v8: "15.0" },
    commit: { sha, isDirty: false, ref: tag },
    machine: MACHINE,
    seed: null,
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: "2026-01-01T00:01:00.000Z",
    plannedMs: 60_000,
    actualMs: 60_000,
    claims: [{ id: "download", verdict, trials: 1 }],
  });
}
