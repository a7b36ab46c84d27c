import { assertEquals } from "@std/assert";
import { dirname, join } from "node:path";
import { NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";

Deno.test("download() fetches nothing of a folder that the user moved, with its pictures and galleries", () =>
  withBench({ imagesPerVersion: { min: 2, max: 2 }, galleryPerVersion: 3 }, async (bench) => {
    const { library: { root, catalog }, sandbox } = bench;
    const options = { choice: { ...NO_IMAGES, previews: 2, gallery: 3 } };
    await bench.download(options);
    const folder = dirname(bench.firstItem().path);
    await Deno.mkdir(join(root, "mine"));
    await Deno.rename(join(root, folder), join(root, "mine/lamps"));
    const { downloadHits, imageBytes } = sandbox.log;
    const { run } = await bench.download(options);
    assertEquals(run!.failed, []);
    assertEquals([sandbox.log.downloadHits, sandbox.log.imageBytes], [downloadHits, imageBytes]);
    const items = catalog.items({ modelId: bench.firstItem().modelId! }).toArray();
    assertEquals(items.filter(({ path }) => !path.startsWith("mine/lamps/")).map(({ path }) => path), []);
    assertEquals(new Set(items.map(({ state }) => state)), new Set(["done"]));
    assertEquals(await Deno.stat(join(root, folder)).catch(() => "gone"), "gone");
  }));

Deno.test("download() walks the library only if a file is gone, and gives a copy to one of two items", () =>
  withBench({ contents: 1, fileBytes: { min: 2048, max: 2048 } }, async (bench) => {
    const { library: { root, catalog }, sandbox } = bench;
    await bench.download();
    const items = catalog.items({ kinds: ["file"], states: ["done"] }).toArray();
    const twins = items.filter(({ sha256 }) => items.filter((other) => other.sha256 === sha256).length > 1).slice(0, 2);
    assertEquals(twins.length, 2);
    await Deno.rename(join(root, twins[0]!.path), join(root, "mine.safetensors"));
    await Deno.remove(join(root, twins[1]!.path));
    const { downloadHits } = sandbox.log;
    await bench.download();
    assertEquals(sandbox.log.downloadHits - downloadHits, 1);
    const paths = twins.map(({ key }) => catalog.item(key)!.path);
    assertEquals(paths.filter((path) => path === "mine.safetensors").length, 1);
    for (const path of paths) assertEquals((await Deno.stat(join(root, path))).size, 2048);
  }));

Deno.test("download() follows the file that was renamed, not a copy of it elsewhere", () =>
  withBench({}, async (bench) => {
    const { library: { root, catalog }, sandbox } = bench;
    await bench.download();
    const item = catalog.items({ kinds: ["file"], states: ["done"] }).next().value!;
    // A walk reads the files of a folder before those below it.
    const copy = join(root, "copy.safetensors");
    await Deno.writeFile(copy, await Deno.readFile(join(root, item.path)));
    await Deno.utime(copy, 1_600_000_000, 1_600_000_000);
    const renamed = `${dirname(item.path)}/my own name.safetensors`;
    await Deno.rename(join(root, item.path), join(root, renamed));
    const { downloadHits } = sandbox.log;
    await bench.download();
    assertEquals([catalog.item(item.key)!.path, sandbox.log.downloadHits], [renamed, downloadHits]);
    // The user's copy has its date too, as of `cp -p`.
    const again = `${dirname(item.path)}/another name.safetensors`;
    const { mtime } = await Deno.stat(join(root, renamed));
    await Deno.utime(copy, mtime!, mtime!);
    await Deno.rename(join(root, renamed), join(root, again));
    await bench.download();
    assertEquals(catalog.item(item.key)!.path, again);
  }));
