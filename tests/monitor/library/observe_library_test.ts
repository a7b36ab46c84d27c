import { assert, assertEquals } from "@std/assert";
import type { RunEnd } from "../../../lib/library/mod.ts";
import { LibraryObserver } from "../../../lib/monitor/mod.ts";
import { writeRuns } from "../../helpers/library/write_runs.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

interface Watched {
  readonly observer: LibraryObserver;
  readonly root: string;
  /** A run of `download` from its start to its end. */
  readonly run: (end: Partial<RunEnd>, reserveBytes: number) => Promise<void>;
}

function inLibrary(story: (watched: Watched) => Promise<void>): Promise<void> {
  return inTempDir(async (root) => {
    await story({
      root,
      observer: new LibraryObserver(root),
      run: (end, reserveBytes) => writeRuns(root, [{ at: 0, command: "download", reserveBytes, end }]),
    });
  });
}

const HUGE = 1000 * 2 ** 40;

Deno.test("LibraryObserver says nothing of a reserve before the first download, and creates nothing", () =>
  inLibrary(async ({ observer, root }) => {
    const { runs, reserveReached, reserveBytes, fullInSeconds, disk } = await observer.observe(0);
    assertEquals([runs.last, reserveReached, reserveBytes, fullInSeconds], [null, null, null, null]);
    assert(disk!.freeBytes > 0);
    assertEquals(await Array.fromAsync(Deno.readDir(root)), []);
  }));

Deno.test("LibraryObserver says what the disk has no room for, how much to free, and when there is room again", () =>
  inLibrary(async ({ observer, run }) => {
    await run({}, 0);
    assertEquals((await observer.observe(0)).reserveReached, null);
    await run({ exitCode: 4, cause: "reserve-reached", left: 12, leftBytes: HUGE, neededBytes: HUGE / 10 }, 0);
    const { disk, reserveReached, runs } = await observer.observe(1);
    assertEquals([runs.failed?.exitCode, reserveReached?.leftFiles, reserveReached?.leftBytes], [4, 12, HUGE]);
    assertEquals(reserveReached?.missingBytes, HUGE / 10 - disk!.freeBytes);
    // There is room for what was left.
    await run({ exitCode: 4, cause: "reserve-reached", left: 12, leftBytes: 1000, neededBytes: 10 }, 0);
    assertEquals((await observer.observe(2)).reserveReached, null);
    // Without anything left, the next run is warned of.
    await run({}, HUGE);
    const reached = await observer.observe(3);
    assertEquals([reached.reserveReached?.leftFiles, reached.fullInSeconds], [0, null]);
  }));
