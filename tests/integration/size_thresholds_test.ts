import { assertEquals, assertLessOrEqual, assertMatch } from "@std/assert";
import { BLOCK_BYTES } from "../../lib/base/mod.ts";
import { SIZE_THRESHOLDS } from "../../lib/transfer/size_thresholds.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { type FetchedFile, type FetchWay, type SizedEngine, SizedFiles } from "./scenarios/sized_files.ts";

/** Larger than every threshold, so that each is crossed in the middle of a file. */
const LARGE = 96 << 20;
/** Sizes at which the program takes another way; one that changes moves these tests along. */
const THRESHOLDS = [...new Set([...Object.values(SIZE_THRESHOLDS), BLOCK_BYTES, 2 * BLOCK_BYTES])];
const SIZES = [LARGE, ...THRESHOLDS.flatMap((size) => [size - 1, size])];
/** Engines with one connection for a file, so that it is certain what is sent. */
const ENGINES: readonly SizedEngine[] = ["stable", "parallel"];

/** A file that is fetched once, with a fault of its first response, and how that must end. */
interface Case {
  readonly name: string;
  readonly toxics: (sizeBytes: number) => readonly string[];
  /** Bytes that are sent in total, in files; a reset also loses what is in the system's buffers. */
  readonly files: (sizeBytes: number) => number;
  /** Why what had arrived is thrown away. */
  readonly restart?: RegExp;
}

const isJournaled = (size: number): boolean => size >= SIZE_THRESHOLDS.journalFrom;
/** Where a body is hit: after the header of the file, in the middle, and at its last byte. */
const PLACES: Readonly<Record<string, (sizeBytes: number) => number>> = {
  start: () => 2048,
  middle: (size) => size >> 1,
  end: (size) => size - 1,
};

const RIGHT: Case = { name: "right", toxics: () => [], files: () => 1 };
const CORRUPT = Object.entries(PLACES).map(([place, at]): Case => ({
  name: `corrupt at the ${place}`,
  toxics: (size) => [`corrupt:${at(size)},first=1`],
  files: () => 2,
  restart: /SHA-256 is \w{64}, expected \w{64}$/,
}));
const TRUNCATED: Case = {
  name: "truncated",
  toxics: (size) => [`truncate:${Math.ceil(size / 2)},first=1`],
  files: (size) => isJournaled(size) ? 1 : 1.5,
};
const RESET: Case = {
  ...TRUNCATED,
  name: "reset",
  toxics: (size) => [`reset:${Math.ceil(size / 2)},first=1`],
  files: () => 1.5,
};
const OTHER_ETAG: Case = {
  name: "truncated, and then another file",
  toxics: (size) => [`truncate:${Math.ceil(size / 2)},first=1`, "changedEtag,first=1"],
  files: () => 1.5,
  restart: /^the server ignored the range and sent the whole file$/,
};

/** The faults of a file; each costs a second fetch, so that they take turns. */
function casesOf(sizeBytes: number, index: number): readonly Case[] {
  if (sizeBytes === LARGE) return [RIGHT, ...CORRUPT];
  const corrupt = CORRUPT[index % CORRUPT.length]!;
  // What is resumed does not depend on the larger thresholds.
  if (sizeBytes > BLOCK_BYTES) return [RIGHT, corrupt];
  const resumed = [TRUNCATED, RESET, OTHER_ETAG];
  const isSmallest = sizeBytes <= SIZE_THRESHOLDS.journalFrom;
  return [RIGHT, corrupt, ...isSmallest ? resumed : [resumed[index % resumed.length]!]];
}

async function tryCase(files: SizedFiles, { name, toxics, files: wanted, restart }: Case, place: {
  readonly sizeBytes: number;
  readonly engine: SizedEngine;
}): Promise<void> {
  const { sizeBytes, engine } = place;
  await inTempDir(async (folder) => {
    // Flushes take long on a slow disk; they are tried where nothing else is.
    const isDurable = name === RIGHT.name;
    const found = await files.fetch(folder, sizeBytes, { engine, toxics: toxics(sizeBytes), isDurable });
    const about = `${sizeBytes} bytes by ${engine}, ${name}: ${JSON.stringify(found)}`;
    assertEquals([found.failure, found.faults > 0], [null, toxics(sizeBytes).length > 0], about);
    // What a small file has lost is not worth an event.
    if (restart === undefined || (!isJournaled(sizeBytes) && found.restarts.length === 0)) {
      assertEquals(found.restarts, [], about);
    } else {
      assertEquals(found.restarts.length, 1, about);
      assertMatch(found.restarts[0]!, restart, about);
    }
    const wantedBytes = Math.ceil(wanted(sizeBytes) * sizeBytes);
    if (name === RESET.name) assertLessOrEqual(found.sentBytes, wantedBytes, about);
    else assertEquals(found.sentBytes, wantedBytes, about);
    assertEquals(await files.isRight(folder, sizeBytes), true, about);
  });
}

Deno.test("a file just below and at each size threshold, and one of 96 MiB, arrive right through every fault", async () => {
  await using files = await SizedFiles.open(SIZES);
  for (const [index, sizeBytes] of SIZES.entries()) {
    for (const [turn, one] of casesOf(sizeBytes, index).entries()) {
      await tryCase(files, one, { sizeBytes, engine: ENGINES[(index + turn) % ENGINES.length]! });
    }
  }
});

Deno.test("a file whose bytes never match its hash is not kept, whatever its size", async () => {
  const sizes = [SIZE_THRESHOLDS.hashInWorkerFrom - 1, SIZE_THRESHOLDS.hashInWorkerFrom, LARGE];
  await using files = await SizedFiles.open(sizes);
  for (const sizeBytes of sizes) {
    await inTempDir(async (folder) => {
      const found = await files.fetch(folder, sizeBytes, { engine: "parallel", toxics: [`corrupt:${sizeBytes >> 1}`] });
      assertEquals([found.failure, found.restarts.length, found.faults], ["integrity", 2, 3], `${sizeBytes}`);
      assertEquals(await files.isRight(folder, sizeBytes), null, `${sizeBytes}`);
    });
  }
});

Deno.test("files that one worker hashes in turn arrive right, and only those that arrived wrong are fetched again", async () => {
  const { hashInWorkerFrom } = SIZE_THRESHOLDS;
  const sizes = [hashInWorkerFrom + 1, 2 * hashInWorkerFrom, 3 * hashInWorkerFrom, 4 * hashInWorkerFrom];
  await using files = await SizedFiles.open(sizes);
  await inTempDir(async (folder) => {
    // The two largest.
    const toxics = [`corrupt:${2 * hashInWorkerFrom + 1},first=1`];
    const found = await files.fetchAll(folder, sizes, { engine: "parallel", toxics });
    assertEquals([found.failure, found.restarts.length], [null, 2], JSON.stringify(found));
    assertEquals(found.sentBytes, sizes.reduce((sum, size) => sum + size) + 7 * hashInWorkerFrom);
    for (const sizeBytes of sizes) assertEquals(await files.isRight(folder, sizeBytes), true, `${sizeBytes}`);
  });
});

/** Faults of a file that several connections fetch, and why what had arrived is thrown away. */
const SHARED: readonly (readonly [sizeBytes: number, toxics: readonly string[], restart: RegExp | null])[] = [
  [2 * SIZE_THRESHOLDS.stripe, [], null],
  [2 * SIZE_THRESHOLDS.stripe, ["truncate:3M,first=2"], null],
  [2 * SIZE_THRESHOLDS.stripe, ["corrupt:200K,first=1"], /SHA-256 is/],
  [LARGE, ["reset:3M,first=2"], null],
  // The first connection, and the first that joins it.
  [LARGE, ["corrupt:200K,first=2"], /SHA-256 is/],
  [LARGE, ["changedEtag,first=1"], null],
];

Deno.test("a file that several connections fetch arrives right through every fault", async () => {
  await using files = await SizedFiles.open([...new Set(SHARED.map(([sizeBytes]) => sizeBytes))]);
  for (const [sizeBytes, toxics, restart] of SHARED) {
    // Slow enough that other connections join before it has arrived.
    const slow = `bandwidth:${sizeBytes >> 1},on=storage`;
    await inTempDir(async (folder) => {
      const way: FetchWay = { engine: "turbo", toxics: [slow, ...toxics], isCapped: true };
      const found = await files.fetch(folder, sizeBytes, way);
      const about = `${sizeBytes} bytes, ${toxics}: ${JSON.stringify(found)}`;
      assertEquals([found.failure, found.connections > 1], [null, true], about);
      if (restart === null) assertEquals(found.restarts, [], about);
      else assertMatch(found.restarts.join("\n"), restart, about);
      assertEquals(await files.isRight(folder, sizeBytes), true, about);
    });
  }
});

/** Files that a killed program leaves in the middle, and the faults of what is resumed. */
const KILLED: readonly (readonly [sizeBytes: number, engine: SizedEngine, toxics: readonly string[]])[] = [
  [SIZE_THRESHOLDS.hashInWorkerFrom - 1, "parallel", []],
  [SIZE_THRESHOLDS.hashInWorkerFrom - 1, "parallel", ["corrupt:1000,first=1"]],
  [LARGE, "stable", ["corrupt:1000,first=1"]],
  // Long enough for the pilot to add connections before the kill.
  [LARGE, "turbo", []],
  [LARGE, "turbo", ["corrupt:1000,first=1"]],
];

async function resume(
  files: SizedFiles,
  [sizeBytes, engine, toxics]: typeof KILLED[number],
  damage?: { readonly block: number },
): Promise<FetchedFile> {
  let found: FetchedFile | undefined;
  await inTempDir(async (folder) => {
    // Slow enough that the program still runs when half of the file has arrived and is hashed.
    const way = { engine, toxics: [`bandwidth:${sizeBytes >> (damage === undefined ? 1 : 2)},on=storage`] };
    await files.fetchAndKill(folder, sizeBytes, way, damage === undefined ? 0 : damage.block + 1);
    if (damage !== undefined) await flipByte(`${files.pathOf(folder, sizeBytes)}.part`, damage.block * BLOCK_BYTES + 5);
    found = await files.fetch(folder, sizeBytes, { engine, toxics });
    const about = `${sizeBytes} bytes by ${engine}, ${toxics}: ${JSON.stringify(found)}`;
    assertEquals([found.failure, found.resumedBytes > 0], [null, true], about);
    assertEquals(await files.isRight(folder, sizeBytes), true, about);
  });
  return found!;
}

Deno.test("a file that a killed program has left in the middle is resumed, and arrives right", async () => {
  await using files = await SizedFiles.open([...new Set(KILLED.map(([sizeBytes]) => sizeBytes))]);
  for (const killed of KILLED) {
    const [sizeBytes, , toxics] = killed;
    const { restarts, resumedBytes, sentBytes, connections } = await resume(files, killed);
    assertEquals(restarts.length, toxics.length);
    if (toxics.length > 0) assertMatch(restarts[0]!, /SHA-256 is/);
    // Nothing that had arrived is fetched again, but what another connection takes over may be under way.
    const slackBytes = connections === 1 ? 0 : sizeBytes / 10;
    if (toxics.length === 0) assertLessOrEqual(resumedBytes + sentBytes, sizeBytes + slackBytes);
  }
});

Deno.test("a part that was damaged on the disk is cut before the damage, and only that is fetched again", async () => {
  await using files = await SizedFiles.open([LARGE]);
  const { restarts, resumedBytes, sentBytes } = await resume(files, [LARGE, "stable", []], { block: 1 });
  assertEquals(restarts, ["block 1 of the part is damaged"]);
  // The damage is found at the end; then all but the first block is fetched again.
  assertEquals(sentBytes, LARGE - resumedBytes + LARGE - BLOCK_BYTES);
});

async function flipByte(path: string, at: number): Promise<void> {
  const { mtime } = await Deno.stat(path);
  {
    using file = await Deno.open(path, { read: true, write: true });
    const byte = new Uint8Array(1);
    await file.seek(at, Deno.SeekMode.Start);
    await file.read(byte);
    byte[0]! ^= 0xff;
    await file.seek(at, Deno.SeekMode.Start);
    await file.write(byte);
  }
  await Deno.utime(path, mtime!, mtime!);
}

/** Sizes of files, the damaged byte, and the bytes that a repair has to fetch. */
const DAMAGED: readonly (readonly [sizeBytes: number, at: number, fetchedBytes: number])[] = [
  [BLOCK_BYTES, 4000, BLOCK_BYTES],
  [BLOCK_BYTES + 1, BLOCK_BYTES, 1],
  [LARGE, 4000, BLOCK_BYTES],
  [LARGE, LARGE - 1, BLOCK_BYTES],
];

Deno.test("a damaged file of one block and of several is repaired by its damaged block only, also if that arrives wrong", async () => {
  const sizes = [...new Set(DAMAGED.map(([sizeBytes]) => sizeBytes))];
  await using files = await SizedFiles.open(sizes);
  for (const sizeBytes of sizes) {
    await inTempDir(async (folder) => {
      await files.fetch(folder, sizeBytes, { engine: "stable" });
      const path = files.pathOf(folder, sizeBytes);
      for (const [, at, fetchedBytes] of DAMAGED.filter(([size]) => size === sizeBytes)) {
        await flipByte(path, at);
        const { files: count, broken, sentBytes } = await files.repair(folder, { engine: "turbo" });
        assertEquals([count, broken, sentBytes], [1, 0, fetchedBytes], `${sizeBytes} at ${at}`);
        assertEquals(await files.isRight(folder, sizeBytes), true, `${sizeBytes} at ${at}`);
      }
      await flipByte(path, sizeBytes - 1);
      const toxics = ["corrupt:0,first=1"];
      const { files: count, broken, fetched } = await files.repair(folder, { engine: "turbo", toxics });
      assertEquals([count, broken, fetched], [1, 0, 1], `${sizeBytes}, whose repair arrived wrong`);
      assertEquals(await files.isRight(folder, sizeBytes), true, `${sizeBytes}, whose repair arrived wrong`);
    });
  }
});

/** Faults of a repair of a file of two blocks, and whether the file is then fetched whole. */
const REPAIR_FAULTS: readonly (readonly [toxic: string, isFetchedWhole: boolean])[] = [
  ["truncate:1M,first=1", false],
  ["reset:1M,first=1", false],
  ["serverError:503,on=storage,first=1", false],
  ["expiredUrl,first=1", false],
  ["changedEtag,first=1", true],
  ["wrongRange,first=1", true],
];

Deno.test("a damaged block is repaired through every fault, or the file is fetched whole if the server has another one", async () => {
  const sizeBytes = BLOCK_BYTES + 1;
  await using files = await SizedFiles.open([sizeBytes]);
  await inTempDir(async (folder) => {
    await files.fetch(folder, sizeBytes, { engine: "stable" });
    for (const [toxic, isFetchedWhole] of REPAIR_FAULTS) {
      await flipByte(files.pathOf(folder, sizeBytes), 4000);
      const { patched, fetched, broken } = await files.repair(folder, { engine: "turbo", toxics: [toxic] });
      assertEquals([patched, fetched, broken], isFetchedWhole ? [0, 1, 0] : [1, 0, 0], toxic);
      assertEquals(await files.isRight(folder, sizeBytes), true, toxic);
    }
  });
});
