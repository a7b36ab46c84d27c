import { assert, assertEquals } from "@std/assert";
import dashboard from "../../docs/grafana.json" with { type: "text" };
import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS } from "../../lib/downloader/mod.ts";
import { prometheusName } from "../../lib/metrics/mod.ts";

Deno.test("every metric of the Grafana dashboard is defined", () => {
  // `/metrics` serves sizes in bytes instead of megabytes.
  const derived = DOWNLOAD_DERIVED.map(({ name }) => `civitai_dl_${name.replace(/_mb$/, "_bytes")}`);
  const defined = new Set([...DOWNLOAD_METRICS.map(prometheusName), ...derived]);
  const used = new Set(dashboard.match(/\b(?:civitai_dl|process)_\w+/g));
  assert(used.size > 20);
  assertEquals([...used].filter((name) => !defined.has(name.replace(/_bucket$/, ""))), []);
});
