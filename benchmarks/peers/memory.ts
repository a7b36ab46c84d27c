import { formatSize, freeSpace } from "../../lib/base/mod.ts";
import type { Measured } from "../../lib/judge/mod.ts";
import { chartOf, peakClaim, ratioClaim } from "./_claims.ts";
import { LIMITS } from "./_goals.ts";
import { queueRuns } from "./_queue_runs.ts";
import { sparseRuns } from "./_sparse_runs.ts";
import type { PeerTarget } from "./target.ts";

const GIB = 2 ** 30;
const ROWS = 100_000;
/** Disk space that must stay free. */
const RESERVE_BYTES = 2 * GIB;

/** Memory that does not grow with the size of a file or the length of a queue. */
export const memory: PeerTarget = {
  id: "P5",
  title: "Memory of a large file and of a long queue",
  async measure(bench) {
    const notes: string[] = [];
    const [small, large] = [bench.scale * 2 * GIB, bench.scale * 20 * GIB].map(Math.round) as [number, number];
    const hasRoom = await freeSpace(bench.folder) > large + RESERVE_BYTES;
    if (!hasRoom) {
      notes.push(
        `Too little disk space: ${formatSize(large)} is needed, and ${formatSize(RESERVE_BYTES)} must stay free.`,
      );
    }
    const nameOf = (bytes: number) => `ours, ${formatSize(bytes)}`;
    const files = await sparseRuns(
      bench,
      (hasRoom ? [small, large] : [small]).map((bytes) => ({ name: nameOf(bytes), bytes })),
    );
    const rows = Math.max(100, Math.round(ROWS * bench.scale));
    const queueName = `ours, queue of ${rows}`;
    const queue = await queueRuns(bench, { name: queueName, rows });
    const runs = [...files, ...queue];
    const peak = (name: string): Measured =>
      peakClaim(runs, {
        of: name,
        metric: "peakRssBytes",
        unit: "bytes",
        limit: LIMITS.P5,
        what: `${name}, peak`,
      });
    const ratio = { of: nameOf(large), to: nameOf(small), metric: "peakRssBytes" };
    return {
      runs,
      workload:
        `A sparse file of ${formatSize(small)} and one of ${formatSize(large)} from nginx on loopback by profile ` +
        `${bench.engine}, and the program going through a queue of ${rows} files of a KiB. Peak resident memory.`,
      claims: [
        ...[small, large].map((bytes) => peak(nameOf(bytes))),
        ratioClaim(runs, { ...ratio, limit: 1.1 }),
        ratioClaim(runs, { ...ratio, limit: 0.9, op: ">=" }),
        peak(queueName),
      ],
      charts: [
        chartOf(runs, {
          title: "Peak memory",
          metric: "peakRssBytes",
          unit: "bytes",
          limits: [{ label: "limit", value: LIMITS.P5 }],
        }),
        chartOf(runs, { title: "Wall time", metric: "seconds", unit: "seconds" }),
      ],
      notes: [...notes, "The queue runs once, without flushing; its rows have no sidecars."],
    };
  },
};
