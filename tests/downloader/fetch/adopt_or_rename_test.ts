import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { existsSync, lchownSync } from "node:fs";
import { dirname, join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { verifyLibrary } from "../../../lib/downloader/mod.ts";
import { fetchItem } from "../../../lib/downloader/fetch/fetch_item.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { sha256 } from "../../helpers/servers/file_server.ts";
import { flip, put } from "../../helpers/library/kept_library.ts";
import { pictureBytes, withPictures } from "../../helpers/library/picture_bench.ts";

const WITHOUT_ROOT = Deno.uid() === 0 ? "" : " (skipped: only root can change the owner of a link)";

const ELF = Uint8Array.from("\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0", (char) => char.charCodeAt(0));
const TEXT = new TextEncoder().encode("This is no picture.\n");

Deno.test("fetchItem() adopts an intact picture without a request, and records its SHA-256", () =>
  withPictures(["plain.jpeg"], async (bench) => {
    const [picture] = bench.pictures;
    await bench.put(picture!, picture!.bytes);
    assertEquals((await fetchItem(bench.context, bench.plan(picture!))).outcome, "already there");
    assertEquals([bench.item(picture!).sha256, bench.civitai.fetched.length], [sha256(picture!.bytes), 0]);
    assertEquals(bench.library.catalog.blocks(picture!.key)?.length, 1);
  }));

Deno.test("fetchItem() removes the journal of a part that was killed right after it got its name", () =>
  withPictures(["plain.jpeg"], async (bench) => {
    const [picture] = bench.pictures;
    await bench.put(picture!, picture!.bytes);
    const item = bench.plan(picture!);
    await put(bench.library, `${item.path}.part.json`, TEXT);
    assertEquals((await fetchItem(bench.context, item)).outcome, "already there");
    assertEquals(existsSync(join(bench.library.root, `${item.path}.part.json`)), false);
  }));

Deno.test({
  name: "fetchItem() adopts a picture whose name on disk is decomposed",
  ignore: Deno.build.os === "darwin",
  fn: () =>
    withPictures(["plain.jpeg"], async (bench) => {
      const [picture] = bench.pictures;
      const composed = "models/\u00e9t\u00e9.preview.1.jpeg";
      bench.library.catalog.setPath(bench.plan(picture!).key, composed);
      await put(bench.library, composed.normalize("NFD"), picture!.bytes);
      assertEquals((await fetchItem(bench.context, bench.item(picture!))).outcome, "already there");
      assertEquals([bench.item(picture!).path, bench.civitai.fetched.length], [composed.normalize("NFD"), 0]);
    }),
});

for (const name of ["plain.jpeg", "film.mp4"]) {
  Deno.test(`fetchItem() fetches ${name} again if another tool left it truncated, and sets the old one aside`, () =>
    withPictures([name], async (bench) => {
      const [picture] = bench.pictures;
      const cut = picture!.bytes.subarray(0, Math.floor(picture!.bytes.length * 0.8));
      await bench.put(picture!, cut);
      assertEquals((await fetchItem(bench.context, bench.plan(picture!))).outcome, "done");
      assertEquals([await bench.read(picture!.path), bench.item(picture!).state], [picture!.bytes, "done"]);
      const [aside] = await bench.aside();
      assertEquals(await bench.read(`corrupted/${aside}`), cut);
      assertStringIncludes(bench.warnings()[0]!, `"${picture!.path}" is not a complete picture: it is truncated`);
    }));
}

Deno.test("fetchItem() leaves a truncated picture in its place as long as it cannot get the whole one", async () =>
  await withPictures([(await pictureBytes("plain.jpeg")).slice(0, 300)], async (bench) => {
    const [picture] = bench.pictures;
    const cut = picture!.bytes.subarray(0, 150);
    await bench.put(picture!, cut);
    await assertRejects(() => fetchItem(bench.context, bench.plan(picture!)), FailureError);
    assertEquals([await bench.read(picture!.path), bench.item(picture!).state], [cut, "planned"]);
  }));

for (
  const [what, bytes] of Object.entries({ "an empty file": "", "a page": "<!DOCTYPE html><title>Sign in</title>" })
) {
  Deno.test(`fetchItem() sets aside ${what} at the path of a picture`, () =>
    withPictures(["plain.jpeg"], async (bench) => {
      const [picture] = bench.pictures;
      await bench.put(picture!, bytes);
      await fetchItem(bench.context, bench.plan(picture!));
      assertEquals([await bench.read(picture!.path), (await bench.aside()).length], [picture!.bytes, 1]);
    }));
}

Deno.test("fetchItem() never overwrites a user's file that is not a picture, and picks a name beside it", () =>
  withPictures(["plain.jpeg"], async (bench) => {
    const [picture] = bench.pictures;
    const path = await bench.put(picture!, "my notes");
    await fetchItem(bench.context, bench.plan(picture!));
    assertEquals(await Deno.readTextFile(path), "my notes");
    const { path: beside, state } = bench.item(picture!);
    assertEquals([beside, state], ["models/style [1].preview.1.jpeg", "done"]);
    assertEquals(await bench.read(beside), picture!.bytes);
  }));

Deno.test("fetchItem() does not adopt a picture that differs from the recorded one, and picks a name beside it", () =>
  withPictures(["plain.jpeg"], async (bench) => {
    const [picture] = bench.pictures;
    const path = await bench.keep(picture!);
    const mine = await pictureBytes("opt.jpeg");
    await Deno.writeFile(path, mine);
    bench.library.catalog.mark(picture!.key, { state: "planned", outcome: "changed", reason: "its date" });
    assertEquals((await fetchItem(bench.context, bench.item(picture!))).outcome, "done");
    assertEquals(await Deno.readFile(path), mine);
    const { path: beside, sha256: noted } = bench.item(picture!);
    assertEquals([await bench.read(beside), noted], [picture!.bytes, sha256(picture!.bytes)]);
  }));

Deno.test("fetchItem() sets aside a picture that verify found damaged, even if it was planned again since", () =>
  withPictures(["plain.jpeg"], async (bench) => {
    const { library, context, pictures: [picture] } = bench;
    // Its structure is intact: only the recorded hash differs.
    await flip(await bench.keep(picture!), 330, { isDated: true });
    await verifyLibrary(library, { deep: true });
    const item = bench.plan(picture!);
    assertEquals([item.state, item.outcome], ["planned", null]);
    assertEquals((await fetchItem(context, item)).outcome, "done");
    assertEquals([await bench.read(picture!.path), (await bench.aside()).length], [picture!.bytes, 1]);
  }));

Deno.test("fetchItem() adopts the recorded picture under another extension", () =>
  withPictures(["still.png"], async (bench) => {
    const [picture] = bench.pictures;
    await bench.keep(picture!);
    bench.library.catalog.setPath(picture!.key, picture!.path.replace(".png", ".jpeg"));
    bench.library.catalog.mark(picture!.key, { state: "planned", outcome: "missing", reason: "it is gone" });
    assertEquals((await fetchItem(bench.context, bench.item(picture!))).outcome, "already there");
    assertEquals(bench.item(picture!).path, picture!.path);
  }));

Deno.test({
  name: `fetchItem() adopts no picture through another user's link, whatever its extension${WITHOUT_ROOT}`,
  ignore: Deno.uid() !== 0,
  fn: () =>
    withPictures(["plain.jpeg"], async (bench) => {
      const [picture] = bench.pictures;
      const elsewhere = await Deno.makeTempFile();
      try {
        await Deno.writeFile(elsewhere, picture!.bytes);
        const link = join(bench.library.root, picture!.path.replace(/jpeg$/, "png"));
        await Deno.mkdir(dirname(link), { recursive: true });
        await Deno.symlink(elsewhere, link);
        lchownSync(link, 12345, 12345);
        await assertRejects(() => fetchItem(bench.context, bench.plan(picture!)), KitError, "made by another user");
        assertEquals(bench.item(picture!).state, "planned");
      } finally {
        await Deno.remove(elsewhere);
      }
    }),
});

Deno.test("fetchItem() picks another name if a folder has the path of a picture", () =>
  withPictures(["plain.jpeg"], async (bench) => {
    const [picture] = bench.pictures;
    await Deno.mkdir(join(bench.library.root, picture!.path), { recursive: true });
    await fetchItem(bench.context, bench.plan(picture!));
    assertEquals(await bench.read(bench.item(picture!).path), picture!.bytes);
  }));

const CUT = await pictureBytes("plain.jpeg");
for (
  const [what, bytes, reason] of [
    ["a program", ELF, "it is not a picture, video or sound"],
    ["a cut picture", CUT.slice(0, 300), "it is truncated: the JPEG has no end"],
  ] as const
) {
  Deno.test(`fetchItem() does not keep ${what} that the server sends as a picture`, () =>
    withPictures([bytes], async (bench) => {
      const [picture] = bench.pictures;
      const item = bench.plan(picture!);
      const error = await assertRejects(() => fetchItem(bench.context, item), FailureError, reason);
      assertEquals([error.failure, error.retryable, bench.civitai.fetched.length], ["integrity", false, 3]);
      assertEquals(bench.item(picture!).state, "planned");
      const names = (await Array.fromAsync(Deno.readDir(join(bench.library.root, "models")))).map(({ name }) => name);
      assertEquals(names, []);
    }));
}

Deno.test("fetchItem() keeps one copy of a picture that the server repeatedly sends corrupt", () =>
  withPictures([TEXT], async (bench) => {
    const item = bench.plan(bench.pictures[0]!);
    for (let run = 0; run < 3; run++) await assertRejects(() => fetchItem(bench.context, item), FailureError);
    assertEquals((await bench.aside()).length, 1);
  }));
