import { writeAtomic } from "../base/mod.ts";
import type { MetricSnapshot } from "./metric_snapshot.ts";
import { renderPrometheus } from "./render_prometheus.ts";

/**
 * Write a snapshot for the textfile collector of Prometheus' node_exporter, which runs as another user: everyone may
 * read it, and it is there as a whole or not at all.
 *
 * @param path A file that ends in `.prom`, in the collector's folder
 * @param snapshot What instruments hold
 */
export async function writeTextfile(path: string, snapshot: MetricSnapshot): Promise<void> {
  await writeAtomic(path, renderPrometheus(snapshot), { sync: false, mode: 0o644 });
  // The mode of a new file is cut by the process's umask.
  if (Deno.build.os !== "windows") await Deno.chmod(path, 0o644);
}
