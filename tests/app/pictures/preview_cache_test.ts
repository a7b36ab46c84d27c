import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { type Picture, PreviewCache, type PreviewCacheOptions } from "../../../lib/app/pictures/preview_cache.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { mountSmallDisk, noSmallDisk } from "../../helpers/small_disk.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

function picture(seed: number, sizeBytes = 1000): Picture {
  const bytes = Uint8Array.from({ length: sizeBytes }, (_, index) => seed * 31 + index);
  return { bytes, format: "png", sha256: createHash("sha256").update(bytes).digest("hex") };
}

function open(folder: string, options: Partial<PreviewCacheOptions> = {}): PreviewCache {
  const onWarning = (message: string) => assert(false, message);
  return new PreviewCache({ folder: join(folder, ".civitai-dl", "previews"), freeBytes: 0, onWarning, ...options });
}

function pathOf(folder: string, { sha256 }: Picture): string {
  return join(folder, ".civitai-dl", "previews", sha256.slice(0, 2), sha256);
}

Deno.test("PreviewCache returns what it keeps, also after it was closed", () =>
  inTempDir(async (folder) => {
    {
      await using cache = open(folder);
      assertEquals(await cache.find({ imageId: 5, width: 450 }), null);
      await cache.keep({ imageId: 5, width: 450 }, picture(1));
      await cache.keep({ imageId: 5, width: 96 }, picture(2));
      await cache.keep({ imageId: 6, width: 450 }, picture(1));
      assertEquals(await cache.find({ imageId: 5, width: 450 }), picture(1));
    }
    await using cache = open(folder);
    assertEquals(await cache.find({ imageId: 5, width: 96 }), picture(2));
    assertEquals(await cache.find({ imageId: 6, width: 450 }), picture(1));
    assertEquals(await cache.find({ imageId: 6, width: 96 }), null);
  }));

Deno.test(
  "PreviewCache is private to the user",
  { ignore: Deno.build.os === "windows" },
  () =>
    inTempDir(async (folder) => {
      await using cache = open(folder);
      await cache.keep({ imageId: 5, width: 450 }, picture(1));
      assertEquals((await Deno.stat(pathOf(folder, picture(1)))).mode! & 0o777, 0o600);
      assertEquals((await Deno.stat(dirname(pathOf(folder, picture(1))))).mode! & 0o777, 0o700);
    }),
);

Deno.test("PreviewCache forgets a picture that is damaged, gone, cut or replaced by a link", () =>
  inTempDir(async (folder) => {
    await using cache = open(folder);
    const ways: readonly ((path: string) => void)[] = [
      (path) => Deno.writeFileSync(path, new Uint8Array(1000)),
      (path) => Deno.removeSync(path),
      (path) => Deno.truncateSync(path, 999),
      (path) => {
        Deno.renameSync(path, `${path}.real`);
        Deno.symlinkSync(`${path}.real`, path);
      },
    ];
    for (const [index, damage] of ways.entries()) {
      const key = { imageId: index, width: 450 };
      await cache.keep(key, picture(index));
      damage(pathOf(folder, picture(index)));
      assertEquals(await cache.find(key), null, `way ${index}`);
      await cache.keep(key, picture(index));
      assertEquals(await cache.find(key), picture(index), `way ${index}, kept again`);
    }
  }));

Deno.test("PreviewCache makes its index anew if that is damaged or of another version", () =>
  inTempDir(async (folder) => {
    const index = join(folder, ".civitai-dl", "previews", "index.db");
    const ways: readonly ((path: string) => void)[] = [
      (path) => Deno.writeTextFileSync(path, "this is no database, but it is long enough to be one".repeat(200)),
      (path) => Deno.writeFileSync(path, Deno.readFileSync(path).fill(7, 1000)),
      (path) => Deno.truncateSync(path, 5000),
      (path) => Deno.writeFileSync(path, Deno.readFileSync(path).fill(99, 60, 64)),
    ];
    for (const damage of ways) {
      {
        await using cache = open(folder);
        await cache.keep({ imageId: 1, width: 450 }, picture(1));
      }
      damage(index);
      await using cache = open(folder);
      assertEquals(await cache.find({ imageId: 1, width: 450 }), null);
      await cache.keep({ imageId: 1, width: 450 }, picture(1));
      assertEquals(await cache.find({ imageId: 1, width: 450 }), picture(1));
    }
  }));

Deno.test("PreviewCache removes the pictures that a lost index has left, but none that is being written", () =>
  inTempDir(async (folder) => {
    {
      await using cache = open(folder);
      await cache.keep({ imageId: 1, width: 450 }, picture(1));
      await cache.keep({ imageId: 2, width: 450 }, picture(2));
    }
    for (const ending of ["", "-wal", "-shm"]) {
      await Deno.remove(join(folder, ".civitai-dl", "previews", `index.db${ending}`)).catch(() => {});
    }
    await Deno.utime(pathOf(folder, picture(1)), 0, 0);
    await using cache = open(folder);
    await cache.settle();
    const names = [1, 2].map((seed) => pathOf(folder, picture(seed)));
    const left = await Promise.all(names.map((path) => Deno.stat(path).then(() => true, () => false)));
    assertEquals(left, [false, true]);
  }));

Deno.test("PreviewCache removes what was not used for the longest time when it outgrows its limit", () =>
  inTempDir(async (folder) => {
    const clock = new FakeClock();
    await using cache = open(folder, { maxBytes: 10_000, clock });
    for (let imageId = 0; imageId < 10; imageId++) {
      await cache.keep({ imageId, width: 450 }, picture(imageId));
      clock.advance(7_200_000);
    }
    assertEquals(await cache.find({ imageId: 0, width: 450 }), picture(0));
    await cache.keep({ imageId: 10, width: 450 }, picture(10));
    await cache.settle();
    const found: number[] = [];
    for (let imageId = 0; imageId <= 10; imageId++) {
      if (await cache.find({ imageId, width: 450 }) !== null) found.push(imageId);
    }
    assertEquals(found, [0, 3, 4, 5, 6, 7, 8, 9, 10]);
    assertEquals((await Deno.stat(pathOf(folder, picture(0)))).size, 1000);
  }));

Deno.test("PreviewCache can be used by two processes at once", () =>
  inTempDir(async (folder) => {
    await using one = open(folder);
    await using other = open(folder);
    await Promise.all([
      one.keep({ imageId: 1, width: 450 }, picture(1)),
      other.keep({ imageId: 1, width: 450 }, picture(1)),
      other.keep({ imageId: 2, width: 450 }, picture(2)),
    ]);
    assertEquals(await one.find({ imageId: 2, width: 450 }), picture(2));
    assertEquals(await other.find({ imageId: 1, width: 450 }), picture(1));
  }));

Deno.test("PreviewCache warns once where it cannot keep anything, and goes on", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, ".civitai-dl"), "a file in place of the folder");
    const warnings: string[] = [];
    await using cache = open(folder, { onWarning: (message) => warnings.push(message) });
    await cache.keep({ imageId: 1, width: 450 }, picture(1));
    await cache.keep({ imageId: 1, width: 450 }, picture(1));
    assertEquals(await cache.find({ imageId: 1, width: 450 }), null);
    assertEquals(warnings.length, 1);
    assertMatch(warnings[0]!, /^Cannot keep previews in ".+previews": /);
  }));

Deno.test({
  name: "PreviewCache keeps nothing on a full disk, and gives way when less is free than stays for downloads",
  ignore: await noSmallDisk() !== null,
  fn: () =>
    inTempDir(async (folder) => {
      await using disk = (await mountSmallDisk(folder, 8 << 20))!;
      const warnings: string[] = [];
      const onWarning = (message: string) => void warnings.push(message);
      {
        await using cache = open(folder, { freeBytes: 4 << 20, onWarning });
        for (let imageId = 0; imageId < 60; imageId++) {
          await cache.keep({ imageId, width: 450 }, picture(imageId, 100_000));
          await cache.settle();
        }
        const { bavail, bsize } = await import("node:fs").then(({ statfsSync }) => statfsSync(folder));
        assert(bavail * bsize > 3.8 * 2 ** 20, `${bavail * bsize} bytes are free`);
        assertEquals(await cache.find({ imageId: 0, width: 450 }), null);
      }
      assertEquals(warnings, []);
      await using cache = open(folder, { onWarning });
      disk.fill();
      await cache.keep({ imageId: 1000, width: 450 }, picture(1000, 100_000));
      assertEquals(await cache.find({ imageId: 1000, width: 450 }), null);
    }),
});
