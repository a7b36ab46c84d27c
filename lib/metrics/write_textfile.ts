import { writeAtomic } from "../base/mod.ts";
import type { MetricSnapshot } from "./metric_snapshot.ts";
import { renderPrometheus } from "./render_prometheus.ts";

/**
 * Write a snapshot for the textfile collector of Prometheus' node_exporter. The collector runs as another user, so
 * everyone may read the file. The write is atomic, so that the collector never reads a partial file.
 *
 * @param path A path that ends in `.prom`, in the collector's folder
 * @param snapshot The instruments to write
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry, renderPrometheus, writeTextfile } from "@civitai-dl/civitai-dl/metrics";
 *
 * const registry = new MetricRegistry();
 * registry.gauge({ name: "mail.waiting", kind: "gauge", unit: "{mail}", help: "Mails in the queue" }).set(2);
 * const path = `${await Deno.makeTempDir()}/mail.prom`;
 * await writeTextfile(path, registry.snapshot());
 * assertEquals(await Deno.readTextFile(path), renderPrometheus(registry.snapshot()));
 * ```
 */
export async function writeTextfile(path: string, snapshot: MetricSnapshot): Promise<void> {
  await writeAtomic(path, renderPrometheus(snapshot), { sync: false, mode: 0o644 });
  // The process's umask restricts the mode of a new file.
  if (Deno.build.os !== "windows") await Deno.chmod(path, 0o644);
}
