import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMetricLines } from "../../lib/metrics/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("MetricJournal loses and splits no line of 16 processes that write to one file, across rotations", () =>
  inTempDir(async (folder) => {
    const processes = 16;
    const lines = 100;
    const script = fileURLToPath(new URL("_write_lines.ts", import.meta.url));
    const permissions = ["--allow-read", `--allow-write=${folder}`];
    const runs = await Promise.all(Array.from({ length: processes }, (_, index) => {
      const args = ["run", "-q", "--no-prompt", ...permissions, script, folder, `p${index}`, `${lines}`, "20000"];
      return new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "piped" }).output();
    }));
    for (const { success, stderr } of runs) assert(success, new TextDecoder().decode(stderr));
    const skipped: string[] = [];
    const counts = new Map<string, number>();
    const ends = new Set<string>();
    const onSkip = (reason: string): void => void skipped.push(reason);
    for await (const line of readMetricLines(folder, { sinceMs: 0, onSkip })) {
      if (line.end) ends.add(line.process);
      for (const series of line.families[0]?.series ?? []) {
        if ("value" in series) counts.set(series.labels.to!, (counts.get(series.labels.to!) ?? 0) + series.value);
      }
    }
    assertEquals(skipped, []);
    assertEquals(ends.size, processes);
    assertEquals([...counts.values()], Array.from({ length: processes }, () => lines));
    assert((await Deno.stat(join(folder, "metrics.jsonl.1"))).isFile, "it was to be rotated");
  }));
