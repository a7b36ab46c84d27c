import type { EvidenceHeader, EvidenceMachine } from "../../../lib/base/mod.ts";

/** The current time in tests of evidence. */
export const NOW: number = Date.parse("2026-11-25T12:00:00Z");
/** A day in milliseconds. */
export const DAY_MS = 86_400_000;
/** The commit of {@linkcode evidenceText}. */
export const SHA: string = "a".repeat(40);
/** The machine of {@linkcode evidenceText}. */
export const MACHINE: EvidenceMachine = { cpu: "x", cores: 2, memoryBytes: 4096, kernel: "linux 6", arch: "x86_64" };

/** A report of a day's run that ended an hour before {@linkcode NOW}, with the test's changes. */
export function evidenceText(changes: Partial<EvidenceHeader> & Readonly<Record<string, unknown>> = {}): string {
  const header: EvidenceHeader = {
    schema: "test/soak",
    version: 1,
    tool: { name: "t", version: "1.0.0", deno: "2.9.6", v8: "15.0" },
    commit: { sha: SHA, isDirty: false, ref: "main" },
    machine: MACHINE,
    seed: 7,
    startedAt: new Date(NOW - DAY_MS - 3_600_000).toISOString(),
    endedAt: new Date(NOW - 3_600_000).toISOString(),
    plannedMs: DAY_MS,
    actualMs: DAY_MS,
  };
  return JSON.stringify({ ...header, ...changes });
}
