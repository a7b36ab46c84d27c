import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type MetricLine, readMetricLines, type SkipReason } from "../../../lib/metrics/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { sentAt, START, writeJournal } from "../_metrics.ts";

/** Read a journal; lines as milliseconds since the start. */
async function read(folder: string, sinceMs = START): Promise<{ times: number[]; skipped: SkipReason[] }> {
  const skipped: SkipReason[] = [];
  const onSkip = (reason: SkipReason): void => void skipped.push(reason);
  const lines = await Array.fromAsync(readMetricLines(folder, { sinceMs, onSkip }));
  return { times: lines.map((line: MetricLine) => Date.parse(line.time) - START), skipped };
}

Deno.test("readMetricLines() reads the journal, then older files, newest line first", () =>
  inTempDir(async (folder) => {
    await writeJournal(folder, [sentAt(50, 1), sentAt(60, 1)]);
    await writeJournal(folder, [sentAt(30, 1), sentAt(40, 1)], "metrics.jsonl.1");
    await writeJournal(folder, [sentAt(10, 1), sentAt(20, 1)], "metrics.jsonl.2");
    assertEquals(await read(folder), { times: [60, 50, 40, 30, 20, 10], skipped: [] });
    assertEquals((await read(folder, START + 40)).times, [60, 50, 40]);
  }));

Deno.test("readMetricLines() handles a missing journal, and old files without one", () =>
  inTempDir(async (folder) => {
    assertEquals((await read(join(folder, "none"))).times, []);
    await writeJournal(folder, [sentAt(30, 1)], "metrics.jsonl.1");
    assertEquals((await read(folder)).times, [30]);
  }));

Deno.test("readMetricLines() reads a file once, even if it is rotated meanwhile", () =>
  inTempDir(async (folder) => {
    await writeJournal(folder, [sentAt(10, 1), sentAt(20, 1)], "metrics.jsonl.1");
    await writeJournal(folder, [sentAt(30, 1), sentAt(40, 1)]);
    const times: number[] = [];
    for await (const line of readMetricLines(folder, { sinceMs: START })) {
      times.push(Date.parse(line.time) - START);
      if (times.length !== 1) continue;
      await Deno.rename(join(folder, "metrics.jsonl.1"), join(folder, "metrics.jsonl.2"));
      await Deno.rename(join(folder, "metrics.jsonl"), join(folder, "metrics.jsonl.1"));
      await writeJournal(folder, [sentAt(50, 1)]);
    }
    assertEquals(times, [40, 30, 20, 10]);
  }));

Deno.test("readMetricLines() skips and counts garbage, half lines, lines of 10 MB and newer ones", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    await writeJournal(folder, [
      sentAt(10, 1),
      `{"schema":"civitai-dl/metrics","padding":"${"x".repeat(10_000_000)}"}`,
      sentAt(20, 1),
      '{"schema":"civitai-dl/metrics","version":99}',
      "",
    ]);
    const rubbish = new Uint8Array(200_000);
    for (const [index] of rubbish.entries()) rubbish[index] = (index * 7919) % 251;
    const file = await Deno.open(path, { append: true });
    await file.write(rubbish);
    await file.write(new TextEncoder().encode(`\n${JSON.stringify(sentAt(30, 1))}\n{"schema":"civit`));
    file.close();
    const { times, skipped } = await read(folder);
    assertEquals(times, [30, 20, 10]);
    assertEquals(skipped.filter((reason) => reason !== "broken"), ["newer", "long"]);
    assert(skipped.filter((reason) => reason === "broken").length > 1);
  }));

Deno.test("readMetricLines() reads the last lines of a long journal without the rest", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "metrics.jsonl");
    const lines = Array.from({ length: 20_000 }, (_, index) => JSON.stringify(sentAt(index * 10_000, 1)));
    await Deno.writeTextFile(path, `${lines.join("\n")}\n`);
    // The first half of the file has garbage, which would be counted if it were read.
    const { size } = await Deno.stat(path);
    const file = await Deno.open(path, { write: true });
    await file.write(new TextEncoder().encode("#\n".repeat(Math.floor(size / 4))));
    file.close();
    const { times, skipped } = await read(folder, START + 19_990 * 10_000);
    assertEquals(times.length, 10);
    assertEquals(skipped, []);
  }));

Deno.test("readMetricLines() joins lines that span the chunks it reads", () =>
  inTempDir(async (folder) => {
    // Lengths that put line breaks at every position around 64 KiB.
    const lines = Array.from({ length: 64 }, (_, index) => sentAt(index, 1, { process: "p".repeat(1 + index % 63) }));
    const long = sentAt(100, 1);
    const padded = { ...long, padding: "x".repeat(65_536 * 2) };
    await writeJournal(folder, [...lines, padded, ...lines.map((line) => ({ ...line, padding: "y".repeat(1024) }))]);
    const { times, skipped } = await read(folder);
    assertEquals([times.length, skipped], [129, []]);
    assertEquals(times[64], 100);
  }));
