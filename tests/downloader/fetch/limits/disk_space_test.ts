import { assertEquals, assertThrows } from "@std/assert";
import { freeSpaceSync } from "../../../../lib/base/mod.ts";
import { DiskSpace, NoRoomError } from "../../../../lib/downloader/fetch/limits/disk_space.ts";
import type { CatalogItem } from "../../../../lib/library/mod.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";
import { inTempDir } from "../../../helpers/temp_dir.ts";
import { mountSmallDisk, noSmallDisk } from "../../../helpers/small_disk.ts";
import { plannedFile } from "../../../helpers/library/kept_library.ts";

const WHY = await noSmallDisk();
const SKIPPED = WHY === null ? "" : ` (skipped: ${WHY})`;

function item(id: number, sizeBytes: number): CatalogItem {
  return plannedFile(id, { sizeBytes }) as CatalogItem;
}

/** A disk with nine tenths free; figures are relative to it. */
function withSpace(test: (space: DiskSpace, free: number) => void): Promise<void> {
  return inTempDir((root) => {
    const free = freeSpaceSync(root) * 0.9;
    test(new DiskSpace({ root, reserveBytes: free / 9, clock: new FakeClock() }), free);
  });
}

Deno.test("DiskSpace reserves space for the rest of a file across restarts", () =>
  withSpace((space, free) => {
    space.claim(item(1, free * 0.6));
    const room = space.spaceFor("file:1:1");
    room.begin({ totalBytes: free * 0.6, keptBytes: free * 0.3 });
    room.begin({ totalBytes: null, keptBytes: free * 0.3 });
    assertThrows(() => space.claim(item(2, free * 0.8)), NoRoomError);
    room.begin({ totalBytes: free * 0.6, keptBytes: free * 0.6 });
    space.claim(item(2, free * 0.8));
  }));

Deno.test("DiskSpace reserves no space for bytes that are already on disk", () =>
  withSpace((space, free) => {
    assertThrows(() => space.claim(item(1, free * 3)), NoRoomError, "): the disk has no room: ");
    space.claim(item(1, free * 3), free * 2.5);
  }));

Deno.test("DiskSpace refuses a file larger than its reservation before the first byte", () =>
  withSpace((space, free) => {
    space.claim(item(1, 10));
    const room = space.spaceFor("file:1:1");
    room.begin({ totalBytes: free * 0.9, keptBytes: 0 });
    const error = assertThrows(() => room.begin({ totalBytes: 1e15, keptBytes: 0 }), NoRoomError);
    assertEquals(error.isOutgrown, true);
  }));

Deno.test("DiskSpace stops an endless file before it takes space reserved for others, which continue", () =>
  withSpace((space, free) => {
    space.claim(item(1, free * 0.5));
    space.claim(item(2, 10));
    space.spaceFor("file:2:2").take(free * 0.3);
    const error = assertThrows(() => space.spaceFor("file:2:2").take(free * 0.6), NoRoomError);
    assertEquals([error.isOutgrown, error.code, error.failure, error.retryable], [true, "unsafe", "disk", false]);
    space.spaceFor("file:1:1").take(free * 0.5);
  }));

Deno.test({
  name: `DiskSpace stops a file of its announced size when other processes fill the disk down to the reserve${SKIPPED}`,
  // Only a file system of its own is not filled by other processes.
  ignore: WHY !== null,
  fn: () =>
    inTempDir(async (root) => {
      await using disk = (await mountSmallDisk(root, 16 << 20))!;
      const clock = new FakeClock();
      const space = new DiskSpace({ root: disk.path, reserveBytes: 1 << 20, clock });
      space.claim(item(1, 8 << 20));
      const room = space.spaceFor("file:1:1");
      room.take(1 << 20);
      disk.fill();
      clock.advance(3000);
      const error = assertThrows(() => room.take(1), NoRoomError);
      assertEquals(error.isOutgrown, false);
    }),
});

Deno.test({
  name: `DiskSpace does not take a file for outgrown because the API has rounded its size${SKIPPED}`,
  ignore: WHY !== null,
  fn: () =>
    inTempDir(async (root) => {
      await using disk = (await mountSmallDisk(root, 16 << 20))!;
      const clock = new FakeClock();
      const space = new DiskSpace({ root: disk.path, reserveBytes: 1 << 20, clock });
      space.claim(item(1, (8 << 20) - 5), 4 << 20);
      space.claim(item(2, (1 << 20) - 5));
      await disk.fill();
      clock.advance(3000);
      const first = space.spaceFor("file:1:1");
      // The part of four MiB is worth its space: the next run continues it.
      first.begin({ totalBytes: 8 << 20, keptBytes: 4 << 20 });
      const error = assertThrows(() => first.take(1), NoRoomError);
      assertEquals([error.isOutgrown, error.neededBytes], [false, 4 << 20]);
      const rest = assertThrows(() => space.spaceFor("file:2:2").take(1 << 20), NoRoomError);
      assertEquals(rest.isOutgrown, false);
    }),
});
