import { assertEquals, assertStringIncludes } from "@std/assert";
import { SERVER_METRICS, ServerMetrics } from "../../lib/app/server_metrics.ts";
import { prometheusName } from "../../lib/metrics/mod.ts";
import { startServer } from "../helpers/servers/status_server.ts";

Deno.test("ServerMetrics counts answers by route and class of status", () => {
  const metrics = new ServerMetrics();
  metrics.count({ route: "/healthz", status: 200, durationMs: 4 });
  metrics.count({ route: "/healthz", status: 204, durationMs: 6 });
  metrics.count({ route: "none", status: 404, durationMs: 1 });
  const text = metrics.text({ streams: 2, previews: { hit: 3, miss: 1 } });
  for (
    const line of [
      'civitai_dl_server_requests_total{route="/healthz",status="2xx"} 2',
      'civitai_dl_server_requests_total{route="none",status="4xx"} 1',
      'civitai_dl_server_duration_seconds_count{route="/healthz"} 2',
      "civitai_dl_server_streams 2",
      'civitai_dl_server_previews_total{result="hit"} 3',
      'civitai_dl_server_previews_total{result="miss"} 1',
    ]
  ) assertStringIncludes(text, `${line}\n`);
  assertEquals(metrics.text({ streams: 0, previews: null }).includes("previews"), false);
});

Deno.test("serveApp() tells what it has answered", async () => {
  await using test = await startServer();
  for (const path of ["healthz", "api/v1/about", "api/v1/none"]) await (await fetch(`${test.url}/${path}`)).text();
  const text = await (await fetch(`${test.url}/metrics`)).text();
  for (const [route, status] of [["/healthz", "2xx"], ["/api/v1/about", "2xx"], ["none", "4xx"]]) {
    assertStringIncludes(text, `civitai_dl_server_requests_total{route="${route}",status="${status}"} 1\n`);
  }
});

Deno.test("docs/metrics.md lists what the server measures", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/metrics.md", import.meta.url));
  const rows = page.split("\n").filter((line) => line.startsWith("| `civitai_dl_server")).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
  const expected = SERVER_METRICS.map((definition) => [
    `\`${prometheusName(definition)}\``,
    definition.kind,
    "labels" in definition ? definition.labels.map((label) => `\`${label}\``).join(", ") : "",
    definition.help,
  ]);
  assertEquals(rows, expected);
});
