import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { becomes } from "../helpers/becomes.ts";
import { startMonitor } from "../helpers/start_monitor.ts";
import { atPlace } from "../scripts/_place.ts";

/** Everything in the folders with the times of its last changes, so that also what came and went shows. */
async function timesIn(folder: string, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const times: Record<string, string> = {};
  for (const name of names) {
    for await (const { path } of walk(join(folder, name))) {
      const { mtime, ctime, size } = await Deno.lstat(path);
      times[relative(folder, path)] = `${mtime?.toISOString()} ${ctime?.toISOString()} ${size}`;
    }
  }
  return times;
}

Deno.test("an idle monitor with its page open writes nothing to the library and the logs, so that a disk can sleep", () =>
  atPlace({}, async ({ folder, run, everything }) => {
    assertEquals((await run(["download", "--yes", ...everything])).code, 0);
    // Five minutes after a run, its lines are outside of the window of the metrics.
    await Deno.remove(join(folder, "logs", "metrics.jsonl"));
    const often = ["--interval", "1s", "--checks-every", "1s", "--offline"];
    await using monitor = await startMonitor(folder, ["--library", "library", ...often]);
    const ticks = async (): Promise<number> => (await monitor.status()).throughput.history.length;
    const checkedAt = async (): Promise<string> => (await monitor.status()).checks?.checkedAt ?? "";
    assert(await becomes(async () => await ticks() > 3 && await checkedAt() !== "", 60_000));
    const firstAt = await checkedAt();
    const before = await timesIn(folder, ["library", "logs"]);
    const start = await ticks();
    assert(await becomes(async () => await ticks() > start + 5 && await checkedAt() > firstAt, 60_000));
    assertEquals(await timesIn(folder, ["library", "logs"]), before);
    assertEquals((await monitor.status()).library?.files, 3);
  }));
