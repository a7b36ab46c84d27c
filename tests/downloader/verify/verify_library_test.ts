import { assertEquals, assertLessOrEqual, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import type { ItemState } from "../../../lib/library/mod.ts";
import { openLibrary } from "../../../lib/downloader/open_library.ts";
import { verifyLibrary } from "../../../lib/downloader/verify/verify_library.ts";
import type { VerifyProblem } from "../../../lib/downloader/verify/verify_summary.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { HARMFUL, HARMLESS, zipOf } from "../../helpers/library/pickle_bytes.ts";
import { sha256, someBytes } from "../../helpers/servers/file_server.ts";
import {
  BLOCK,
  flip,
  keep,
  plannedFile,
  put,
  setDate,
  stateOf,
  withLibrary,
} from "../../helpers/library/kept_library.ts";
import { pictureBytes, withPictures } from "../../helpers/library/picture_bench.ts";
import { measureGrowth } from "../../helpers/measure_growth.ts";

const NONE = { ok: 0, missing: 0, changed: 0, corrupt: 0, flagged: 0, unreadable: 0, unverified: 0 };

const BAD = zipOf([{ name: "archive/data.pkl", content: HARMFUL }]);
const GOOD = zipOf([{ name: "archive/data.pkl", content: HARMLESS }]);

Deno.test("verifyLibrary() names flagged pickles of items and unknown files when it reads deeply, and moves none", () =>
  withLibrary(async (library) => {
    await keep(library, 1, BAD, { path: "models/1.pt" });
    await keep(library, 2, GOOD, { path: "models/2.pt" });
    await keep(library, 3, BAD, { path: "quarantine/3.pt.flagged" });
    const changed = await keep(library, 4, GOOD, { path: "models/4.pt" });
    await Deno.writeFile(changed, BAD);
    await setDate(changed, new Date(2_000_000_000_000));
    await put(library, "mine/own.pt", BAD);
    library.catalog.plan(plannedFile(5, { path: "models/5.pt" }), 0);
    library.catalog.mark("file:5:5", { state: "refused", outcome: "flagged", reason: "bad" });
    await put(library, "models/5.pt", BAD);
    assertEquals((await verifyLibrary(library, { markBroken: false })).counts.flagged, 0);
    const { counts, problems } = await verifyLibrary(library, { deep: true, markBroken: false });
    assertEquals([counts.flagged, counts.ok, counts.changed], [3, 2, 1]);
    const told = problems.filter(({ reason }) => reason.includes("os.system"));
    assertEquals(
      told.map(({ key, path, verdict }) => [key, path, verdict]).toSorted(),
      [
        ["file:1:1", "models/1.pt", "flagged"],
        ["file:4:4", "models/4.pt", "changed"],
        [null, "mine/own.pt", "flagged"],
        [null, "models/5.pt", "flagged"],
      ].toSorted(),
    );
    assertEquals(await Deno.readFile(join(library.root, "mine/own.pt")), BAD);
    assertEquals(stateOf(library, 1), ["done", "done"]);
  }));

Deno.test({
  name:
    "verifyLibrary() finds files whose names are decomposed, as a disk of macOS leaves them, and records their paths",
  // There the two forms are the same file.
  ignore: Deno.build.os === "darwin",
  fn: () =>
    withLibrary(async (library) => {
      const { root, catalog } = library;
      const composed = "models/caf\u00e9/d\u00e9j\u00e0.safetensors";
      await keep(library, 1, someBytes(100, 1), { path: composed });
      await keep(library, 2, someBytes(100, 2), { path: "models/caf\u00e9/plain.safetensors" });
      await keep(library, 3, someBytes(100, 3), { path: "models/caf\u00e9/gone\u00e9.safetensors" });
      await Deno.remove(join(root, "models/caf\u00e9/gone\u00e9.safetensors"));
      await Deno.rename(join(root, composed), join(root, composed.normalize("NFD").replace("cafe\u0301", "caf\u00e9")));
      await Deno.rename(join(root, "models/caf\u00e9"), join(root, "models/cafe\u0301"));
      const { counts, problems, unknown } = await verifyLibrary(library, { markBroken: false });
      assertEquals(counts, { ...NONE, ok: 2, missing: 1 });
      assertEquals([problems.map(({ key }) => key), unknown.count], [["file:3:3"], 0]);
      assertEquals(catalog.item("file:1:1")!.path, composed.normalize("NFD"));
      assertEquals(catalog.item("file:3:3")!.path, "models/caf\u00e9/gone\u00e9.safetensors");
    }),
});

Deno.test("verifyLibrary() scans no pickle outside the library, whatever the catalog contains", () =>
  inTempDir(async (folder) => {
    await Deno.writeFile(join(folder, "others.pt"), BAD);
    using library = await openLibrary(join(folder, "library"), { command: "test" });
    await keep(library, 1, BAD);
    library.catalog.setPath("file:1:1", "../others.pt");
    const { problems } = await verifyLibrary(library, { deep: true });
    const poisoned = problems.find(({ key }) => key === "file:1:1")!;
    assertEquals([poisoned.verdict, /leads out of/.test(poisoned.reason)], ["unreadable", true]);
  }));

Deno.test("verifyLibrary() passes an untouched library without reading it", () =>
  withLibrary(async (library) => {
    await keep(library, 1, someBytes(1000));
    await keep(library, 2, someBytes(2000));
    library.catalog.plan(plannedFile(3), 0);
    const summary = await verifyLibrary(library);
    assertEquals([summary.files, summary.counts, summary.bytesRead], [2, { ...NONE, ok: 2 }, 0]);
    assertEquals([summary.problems, summary.unknown.count], [[], 0]);
    assertEquals(stateOf(library, 3), ["planned", null]);
  }));

Deno.test("verifyLibrary() marks missing or changed files for a later repair", () =>
  withLibrary(async (library) => {
    await Deno.remove(await keep(library, 1, someBytes(1000)));
    await Deno.truncate(await keep(library, 2, someBytes(1000)), 10);
    await setDate(await keep(library, 3, someBytes(1000)), new Date(0));
    const told: VerifyProblem[] = [];
    const summary = await verifyLibrary(library, { onProblem: (problem) => told.push(problem) });
    assertEquals(summary.counts, { ...NONE, missing: 1, changed: 2 });
    assertEquals(told, summary.problems);
    assertEquals(told.map(({ path, reason }) => [path, reason]), [
      ["models/1.bin", "it is gone"],
      ["models/2.bin", "its size is 10 bytes, expected 1000"],
      ["models/3.bin", "its modification time has changed"],
    ]);
    assertEquals([1, 2, 3].map((id) => stateOf(library, id)), [
      ["planned", "missing"],
      ["planned", "changed"],
      ["planned", "changed"],
    ]);
  }));

Deno.test("verifyLibrary() changes nothing if it must not mark", () =>
  withLibrary(async (library) => {
    await Deno.remove(await keep(library, 1, someBytes(1000)));
    const summary = await verifyLibrary(library, { markBroken: false });
    assertEquals([summary.counts.missing, stateOf(library, 1)], [1, ["done", "done"]]);
  }));

Deno.test("verifyLibrary() reports marked files again, and unmarks them once intact", () =>
  withLibrary(async (library) => {
    const path = await keep(library, 1, someBytes(1000));
    await Deno.rename(path, `${path}.away`);
    await verifyLibrary(library);
    assertEquals((await verifyLibrary(library)).counts, { ...NONE, missing: 1 });
    await Deno.rename(`${path}.away`, path);
    assertEquals((await verifyLibrary(library)).counts, { ...NONE, ok: 1 });
    assertEquals(stateOf(library, 1), ["done", "already there"]);
  }));

Deno.test("verifyLibrary() locates a flipped byte of a 40 MiB file by block", () =>
  withLibrary(async (library) => {
    const path = await keep(library, 1, someBytes(40 << 20));
    await flip(path, BLOCK + 12_345);
    assertEquals((await verifyLibrary(library)).counts, { ...NONE, ok: 1 });
    const progress: number[] = [];
    const summary = await verifyLibrary(library, { deep: true, onProgress: (now) => progress.push(now.bytesRead) });
    assertEquals([summary.counts, summary.bytesRead], [{ ...NONE, corrupt: 1 }, 40 << 20]);
    assertEquals(summary.problems[0], {
      key: "file:1:1",
      kind: "file",
      path: "models/1.bin",
      verdict: "corrupt",
      reason: "1 of 3 blocks are damaged",
      badBlocks: [1],
      badRanges: [{ firstBlock: 1, lastBlock: 1, start: BLOCK, end: 2 * BLOCK }],
    });
    assertEquals(stateOf(library, 1), ["failed", "corrupt"]);
    assertEquals([progress.at(-1), progress.length > 10], [40 << 20, true]);
  }));

Deno.test("verifyLibrary() keeps a known damage in a quick run", () =>
  withLibrary(async (library) => {
    await flip(await keep(library, 1, someBytes(1000)), 5);
    await verifyLibrary(library, { deep: true });
    const summary = await verifyLibrary(library);
    assertEquals(summary.problems.map(({ verdict, reason }) => [verdict, reason]), [
      ["corrupt", "1 of 1 blocks are damaged"],
    ]);
  }));

Deno.test("verifyLibrary() records the new date of an unchanged file", () =>
  withLibrary(async (library) => {
    await setDate(await keep(library, 1, someBytes(1000)), new Date(86_400_000));
    const summary = await verifyLibrary(library, { deep: true });
    assertEquals([summary.counts.ok, summary.redated, summary.adopted], [1, 1, 0]);
    assertEquals(library.catalog.item("file:1:1")!.mtimeMs, 86_400_000);
    assertEquals((await verifyLibrary(library)).counts, { ...NONE, ok: 1 });
  }));

Deno.test("verifyLibrary() adopts a file without a recorded hash if it is the published one", () =>
  withLibrary(async (library) => {
    const bytes = someBytes(1000);
    await keep(library, 1, bytes, { sha256: null, hashes: { AutoV2: sha256(bytes).slice(0, 10) } });
    const summary = await verifyLibrary(library, { deep: true });
    assertEquals([summary.counts.ok, summary.adopted], [1, 1]);
    const { sha256: noted, etag, outcome } = library.catalog.item("file:1:1")!;
    assertEquals([noted, etag, outcome], [sha256(bytes), '"v1"', "done"]);
    assertEquals(library.catalog.blocks("file:1:1")?.length, 1);
  }));

Deno.test("verifyLibrary() adopts by BLAKE3 if no other hash is published", () =>
  withLibrary(async (library) => {
    const blake3 = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
    await keep(library, 1, new Uint8Array(0), { sha256: null, hashes: { BLAKE3: blake3 } });
    assertEquals((await verifyLibrary(library, { deep: true })).adopted, 1);
  }));

Deno.test("verifyLibrary() adopts neither a different file nor one without a published hash", () =>
  withLibrary(async (library) => {
    await keep(library, 1, someBytes(1000), { sha256: null, hashes: { SHA256: "0".repeat(64) } });
    await keep(library, 2, someBytes(1000), { sha256: null, hashes: {} });
    const summary = await verifyLibrary(library, { deep: true });
    assertEquals(summary.counts, { ...NONE, corrupt: 1, unverified: 1 });
    assertEquals(stateOf(library, 2), ["done", "done"]);
    assertEquals(library.catalog.item("file:2:2")!.sha256, null);
  }));

Deno.test("verifyLibrary() reports a file that its user replaced as changed, not corrupt", () =>
  withLibrary(async (library) => {
    const path = await keep(library, 1, someBytes(1000));
    await Deno.writeFile(path, someBytes(3000, 9));
    await setDate(path, new Date(0));
    const { problems } = await verifyLibrary(library, { deep: true });
    assertEquals(problems.map(({ verdict, badBlocks }) => [verdict, badBlocks]), [["changed", []]]);
  }));

Deno.test("verifyLibrary() adopts intact unrecorded pictures, and reports truncated ones", () =>
  withPictures(["plain.jpeg", "still.png"], async (bench) => {
    const { library, pictures: [whole, cut] } = bench;
    for (const picture of [whole!, cut!]) {
      const path = await bench.keep(picture);
      if (picture === cut) await Deno.truncate(path, 100);
      const { size, mtime } = await Deno.stat(path);
      const facts = { sha256: null, actualBytes: size, mtimeMs: mtime!.getTime(), etag: null };
      library.catalog.markDone(picture.key, { ...facts, outcome: "already there" });
    }
    const summary = await verifyLibrary(library, { deep: true });
    assertEquals([summary.counts, summary.adopted], [{ ...NONE, ok: 1, corrupt: 1 }, 1]);
    assertEquals([summary.problems[0]?.path, summary.problems[0]?.reason], [
      cut!.path,
      "it is truncated: the PNG has no IEND chunk",
    ]);
    assertEquals(bench.item(whole!).sha256, sha256(whole!.bytes));
  }));

Deno.test("verifyLibrary() distinguishes a damaged picture with a new date from one that the user chose", () =>
  withPictures(["plain.jpeg", "still.gif", "lossy.webp", "still.png", "film.mp4"], async (bench) => {
    const mine = await pictureBytes("opt.jpeg");
    const becomes = (index: number, bytes: Uint8Array): Uint8Array | string =>
      [bytes.subarray(0, 200), "", "<!DOCTYPE html>", mine, bytes.map((byte, at) => at < 600 ? 0 : byte)][index]!;
    for (const [index, picture] of bench.pictures.entries()) {
      await bench.keep(picture);
      await setDate(await bench.put(picture, becomes(index, picture.bytes)), new Date(0));
    }
    const { problems } = await verifyLibrary(bench.library, { deep: true });
    assertEquals(problems.map(({ verdict }) => verdict), ["corrupt", "corrupt", "corrupt", "changed", "corrupt"]);
    // A quick run sees other sizes and dates, but keeps what was found.
    const again = await verifyLibrary(bench.library);
    assertEquals(again.problems.map(({ verdict, reason }) => [verdict, reason]).toSpliced(3, 1), [
      ["corrupt", "it is truncated"],
      ["corrupt", "it is truncated"],
      ["corrupt", "it is truncated"],
      ["corrupt", "it is not a picture, video or sound"],
    ]);
  }));

Deno.test("verifyLibrary() reports a folder at the path of a file as changed", () =>
  withLibrary(async (library) => {
    const path = await keep(library, 1, someBytes(1000));
    await Deno.remove(path);
    await Deno.mkdir(path);
    const { problems } = await verifyLibrary(library, { deep: true });
    assertEquals(problems.map(({ reason }) => reason), ["it is no longer a regular file"]);
  }));

Deno.test("verifyLibrary() lists parts, stale entries and models that the catalog lacks", () =>
  withLibrary(async (library) => {
    await keep(library, 1, someBytes(1000));
    library.catalog.plan(plannedFile(2), 0);
    const stale = ["models/1.bin.part.json", "models/1.bin.repair", "models/x.civitai.info.civitai-dl.tmp"];
    // A journal is no part of its own.
    const parts = ["models/2.bin.part"];
    const journals = ["models/2.bin.part.json"];
    for (
      const path of [
        ...stale,
        ...parts,
        ...journals,
        "mine/own.safetensors",
        "models/1.civitai.info",
        "corrupted/old.bin",
      ]
    ) {
      await put(library, path, "12345");
    }
    await Deno.symlink("loop", join(library.root, "loop"));
    await Deno.symlink(library.root, join(library.root, "mine", "again"));
    const summary = await verifyLibrary(library);
    assertEquals(summary.stale.paths.toSorted(), stale);
    assertEquals(summary.parts.paths.toSorted(), parts);
    assertEquals(summary.unknown, { count: 1, bytes: 5, paths: ["mine/own.safetensors"] });
  }));

Deno.test("verifyLibrary() counts each unknown model once, even behind links", () =>
  inTempDir(async (folder) => {
    using library = await openLibrary(join(folder, "library"), { command: "test" });
    await keep(library, 1, someBytes(1000));
    for (let number = 0; number < 1203; number++) await put(library, `mine/deep/${number}.safetensors`, "12345");
    await Deno.symlink(join(library.root, "mine"), join(library.root, "linked"));
    await Deno.symlink(join(library.root, "mine", "deep"), join(library.root, "mine", "again"));
    // Another disk, linked twice, with a link back to the library, and the folder that contains both.
    const disk = join(folder, "disk");
    await Deno.mkdir(join(disk, "inner"), { recursive: true });
    await Deno.writeTextFile(join(disk, "inner", "away.safetensors"), "12345");
    await Deno.symlink(disk, join(library.root, "disk"));
    await Deno.symlink(join(disk, "inner"), join(library.root, "inner"));
    await Deno.symlink(library.root, join(disk, "back"));
    await Deno.symlink(folder, join(library.root, "up"));
    const { unknown } = await verifyLibrary(library);
    assertEquals([unknown.count, unknown.bytes, new Set(unknown.paths).size], [1204, 6020, 1000]);
  }));

Deno.test("verifyLibrary() limits its list and passes everything to the callback", () =>
  withLibrary(async (library) => {
    const { catalog } = library;
    catalog.transaction(() => {
      for (let id = 1; id <= 1200; id++) {
        catalog.plan(plannedFile(id), 0);
        const facts = { sha256: null, actualBytes: 1, mtimeMs: 0, etag: null, outcome: "done" };
        catalog.markDone(`file:${id}:${id}`, facts);
      }
    });
    let told = 0;
    let last = "";
    const summary = await verifyLibrary(library, {
      onProblem: () => told++,
      onProgress: ({ files, totalFiles }) => last = `${files}/${totalFiles}`,
    });
    assertEquals([summary.counts.missing, summary.problems.length, told, last], [1200, 1000, 1200, "1200/1200"]);
  }));

Deno.test("verifyLibrary() rejects with the reason of its signal", () =>
  withLibrary(async (library) => {
    await keep(library, 1, someBytes(3 << 20));
    const stop = new AbortController();
    const reason = new Error("enough");
    const onProgress = (): void => stop.abort(reason);
    const error = await assertRejects(() => verifyLibrary(library, { deep: true, signal: stop.signal, onProgress }));
    assertEquals(error, reason);
    assertEquals(stateOf(library, 1), ["done", "done"]);
  }));

Deno.test("verifyLibrary() does not report a library as missing whose disk was removed", () =>
  withLibrary(async (library) => {
    await keep(library, 1, someBytes(1000));
    const gone = { ...library, root: join(library.root, "unmounted"), [Symbol.dispose]() {} };
    const error = await assertRejects(() => verifyLibrary(gone), KitError);
    assertEquals([error.code, stateOf(library, 1)], ["unsafe", ["done", "done"]]);
    assertStringIncludes(error.message, "the folder is gone");
  }));

Deno.test("verifyLibrary() reads 20 000 rows in constant memory", async () => {
  assertLessOrEqual(await measureGrowth(new URL("../_verify_probe.ts", import.meta.url)), 80 << 20);
});

Deno.test("verifyLibrary() returns the same in the same order with one thread and with several", () =>
  withLibrary(async (library) => {
    for (let id = 1; id <= 24; id++) {
      // The largest come first, so that later ones are read earlier.
      const path = await keep(library, id, someBytes((25 - id) * 20_000));
      if (id % 3 === 0) await flip(path, 1000 * id, { isDated: id % 2 === 0 });
      if (id % 5 === 0) await Deno.remove(path);
    }
    const reports = await Promise.all([1, 4].map(async (threads) => {
      const told: string[] = [];
      const options = { deep: true, markBroken: false, threads };
      const summary = await verifyLibrary(library, { ...options, onProblem: ({ path }) => told.push(path) });
      return { summary, told };
    }));
    assertEquals(reports[0], reports[1]);
    assertEquals(reports[0]!.told, [3, 5, 6, 9, 10, 12, 15, 18, 20, 21, 24].map((id) => `models/${id}.bin`));
    assertEquals(reports[0]!.summary.counts.missing, 4);
  }));

/** What later attempts make of the row of a file that is gone. */
const LATER: readonly (readonly [ItemState, string | null])[] = [
  ["planned", null],
  ["failed", "failed"],
  ["failed", "login"],
  ["corrupted", "corrupted"],
  ["deferred", "early-access"],
  ["refused", "archived"],
  ["refused", "removed"],
  ["refused", "declined"],
];

for (const [state, outcome] of LATER) {
  Deno.test(`verifyLibrary() reports a file that is gone although its row is ${state} (${outcome ?? "no outcome"})`, () =>
    withLibrary(async (library) => {
      const path = await keep(library, 1, someBytes(100, 1));
      const { mtime } = await Deno.stat(path);
      await Deno.remove(path);
      library.catalog.mark("file:1:1", { state, outcome, reason: "a later attempt" });
      for (const deep of [false, true]) {
        assertEquals((await verifyLibrary(library, { deep })).counts, { ...NONE, missing: 1 });
      }
      const isKept = state === "refused" || state === "deferred";
      assertEquals(stateOf(library, 1), isKept ? [state, outcome!] : ["planned", "missing"]);
      // The user puts it back.
      await Deno.writeFile(path, someBytes(100, 1));
      await setDate(path, mtime!);
      assertEquals((await verifyLibrary(library)).counts, { ...NONE, ok: 1 });
      assertEquals(stateOf(library, 1)[0], "done");
    }));
}

Deno.test("verifyLibrary() does not miss a file that was never there, or that is refused as harmful", () =>
  withLibrary(async (library) => {
    library.catalog.plan(plannedFile(1), 0);
    library.catalog.mark("file:1:1", { state: "refused", outcome: "archived", reason: "archived" });
    await Deno.remove(await keep(library, 2, BAD, { path: "models/2.pt" }));
    library.catalog.mark("file:2:2", { state: "refused", outcome: "flagged", reason: "os.system" });
    assertEquals((await verifyLibrary(library)).counts, NONE);
  }));

Deno.test("verifyLibrary() marks no file as missing when the library vanishes while it reads", () =>
  withLibrary(async (library) => {
    for (const id of [1, 2, 3]) await keep(library, id, GOOD, { path: `models/${id}.pt` });
    const away = `${library.root}-away`;
    let isAway = false;
    const onProgress = (): void => {
      if (!isAway) Deno.renameSync(library.root, away);
      isAway = true;
    };
    const error = await assertRejects(() => verifyLibrary(library, { onProgress }), KitError, "is gone");
    await Deno.rename(away, library.root);
    assertEquals(error.code, "unsafe");
    assertEquals([...library.catalog.items()].map(({ state }) => state), ["done", "done", "done"]);
  }));

Deno.test("verifyLibrary() of some models reads their files only, and looks for no strangers", () =>
  withLibrary(async (library) => {
    const first = await keep(library, 1, someBytes(100), { modelId: 7 });
    const second = await keep(library, 2, someBytes(100));
    await put(library, "mine/own.safetensors", someBytes(10));
    for (const path of [first, second]) await flip(path, 50);
    const { files, counts, problems, unknown } = await verifyLibrary(library, {
      deep: true,
      modelIds: [7, 999],
    });
    assertEquals([files, counts.corrupt + counts.changed, unknown.count], [1, 1, 0]);
    assertEquals(problems.map(({ key }) => key), ["file:1:1"]);
    assertEquals(stateOf(library, 2), ["done", "done"]);
    assertEquals((await verifyLibrary(library, { deep: true, modelIds: [] })).files, 0);
  }));
