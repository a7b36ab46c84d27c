import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderReportHtml, renderReportMarkdown, renderReportText } from "../../../lib/report/mod.ts";
import { type Claim, judgeClaim, type Measured } from "../../../lib/judge/mod.ts";
import type { SoakEvidence } from "../../../lib/soak/mod.ts";
import { stabilityReport } from "../../../lib/stability/report/stability_report.ts";
import { sampleEvidence } from "../../helpers/evidence/soak_evidence.ts";

async function evidenceOf(changes: Partial<SoakEvidence>): Promise<SoakEvidence> {
  return { ...await sampleEvidence(), ...changes };
}

function rate(id: "timeout_rate" | "success_rate", events: number, trials: number): Claim {
  const requirement = id === "timeout_rate" ? { op: "<", value: 0.01 } as const : { op: ">", value: 0.99 } as const;
  return judgeClaim({ id, kind: "rate", unit: "rate", events, trials, requirement });
}

Deno.test("a stability report never rounds a rate onto its limit or onto 100 %", async () => {
  const claims = [
    rate("timeout_rate", 996, 100_000),
    rate("timeout_rate", 99_996, 10_000_000),
    rate("success_rate", 9996, 10_000),
    rate("success_rate", 9_999_999, 10_000_000),
    rate("success_rate", 98_999_999, 100_000_000),
    rate("timeout_rate", 0, 299),
  ];
  const measured = stabilityReport(await evidenceOf({ claims })).claims.map((claim) => claim.measured);
  const begins = ["0.996 %", "0.99996 %", "99.96 %", "99.99999 %", "98.999999 %", "0 % (0 of 299), at most 0.997 %"];
  assertEquals(measured.map((text, index) => text.slice(0, begins[index]!.length)), begins);
  for (const text of measured) assert(/\(\d+ of \d+\), at (most|least) .* at 95 %/.test(text), text);
});

Deno.test("a stability report shows limits with their units, and how much longer a run must be", async () => {
  const measured: readonly Measured[] = [
    ...([["leak_heap", "bytes per day", -1e6, 32 * 2 ** 20], ["leak_handles", "handles per day", -3.25, 100]] as const)
      .map(([id, unit, estimate, value]): Measured => {
        return { id, kind: "growth", unit, estimate, trials: 240, requirement: { op: "<", value } };
      }),
    {
      id: "wire_bytes",
      kind: "amount",
      unit: "ratio",
      estimate: 1.0312,
      trials: 240,
      requirement: { op: "<=", value: 1.1 },
    },
    {
      id: "duration",
      kind: "stated",
      unit: "ms",
      estimate: 7e6,
      trials: 1,
      requirement: { op: ">=", value: 7_200_000 },
    },
  ];
  const claims = [rate("timeout_rate", 0, 200), ...measured.map((one) => judgeClaim(one))];
  const report = stabilityReport(await evidenceOf({ claims }));
  assertEquals(report.claims.map(({ required }) => required), [
    "< 1 %",
    "< 32.0 MiB per day",
    "< 100 handles per day",
    "≤ 1.10 times",
    "≥ 2h",
  ]);
  assertEquals(report.claims[0]!.note, "too few trials for a verdict");
  assertStringIncludes(report.claims[1]!.measured, "−976.6 KiB per day");
  assertStringIncludes(report.claims[2]!.measured, "-3.25 handles per day");
});

Deno.test("a stability report has all facts in every form, without active markup", async () => {
  const evidence = await evidenceOf({
    notes: ["3 jobs were unfinished when the run ended, was stopped or killed"],
    end: { type: "claim", claim: "integrity" },
    verdict: "fail",
    restarts: 2,
    failures: [{ jobIndex: 3, kind: "other", text: "3-update: <script>alert(1)</script> | `x`" }],
    unwritten: { count: 1, reason: "No space left on device" },
    gaps: [{ kind: "restart", at: "2026-01-01T00:00:00.000Z", atMs: 10, lengthMs: 3_600_000 }],
    deadlocks: [{
      id: "7-verify",
      jobIndex: 7,
      at: "2026-01-01T00:00:00.000Z",
      silentMs: 61_000,
      dump: null,
      jobs: [{ id: "7-verify", state: "waiting for the limiter", ageMs: 70_000 }],
    }],
  });
  const report = stabilityReport(evidence);
  const text = renderReportText(report);
  for (
    const said of [
      "Stability: fail",
      "Ended at once, because integrity failed",
      "started again 2 times",
      "3 jobs were unfinished when the run ended, was stopped or killed",
      "1h in 1 sittings do not count",
      "7-verify stood still for 1m 1s: waiting for the limiter",
      "1 intervals could not be written: No space left on device",
    ]
  ) assertStringIncludes(text, said);
  const page = renderReportHtml(report);
  assertEquals(page.includes("<script"), false);
  assertStringIncludes(page, "&lt;script&gt;");
  assertStringIncludes(page, 'aria-label="Latency of jobs: ');
  assert(!/https?:\/\/(?!www\.w3\.org)/.test(page), "The page needs nothing from elsewhere");
  const markdown = renderReportMarkdown(report);
  assertStringIncludes(markdown, "\\<script\\>");
  // Every row of every table has as many cells as its head.
  for (const table of markdown.split("\n\n").filter((part) => part.startsWith("| "))) {
    const cells = table.trim().split("\n").map((line) => line.replaceAll("\\|", "").split("|").length);
    assertEquals(new Set(cells).size, 1, table);
  }
});
