// deno-lint-ignore-file no-console civitai-dl/no-console
// deno run --allow-net docs/examples/soak.ts URL
import { runSoak } from "@civitai-dl/civitai-dl/soak";

const url = new URL(Deno.args[0]!);
const report = await runSoak({
  plannedMs: 3000,
  intervalMs: 1000,
  perSecond: 120,
  lanes: 8,
  claims: ["timeout_rate", "success_rate", "deadlocks"],
  async work(_job, { signal }) {
    const response = await fetch(url, { signal });
    return { bytes: (await response.text()).length, failures: response.ok ? 0 : 1 };
  },
  onInterval: (row) => console.error(`${row.ops} requests, ${row.failed} failed, p99 ${Math.round(row.p99Ms ?? 0)} ms`),
});
const claims = report.claims.map(({ id, events, trials, bound, verdict }) => ({ id, events, trials, bound, verdict }));
console.log(JSON.stringify({ verdict: report.verdict, claims }));
if (report.verdict !== "pass") Deno.exitCode = 1;
