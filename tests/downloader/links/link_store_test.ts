import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { ResolvedDownload } from "../../../lib/civitai/mod.ts";
import {
  type DownloadEvent,
  fetchItem,
  type Library,
  LinkStore,
  type LinkStoreOptions,
} from "../../../lib/downloader/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { type Bench, withBench } from "../../helpers/library/download_bench.ts";
import { withLibrary } from "../../helpers/library/kept_library.ts";

const HOUR_MS = 3_600_000;
const BASE = "https://civitai.com";
const KEY = "file:1:2";
const ONE = { size: { creators: 1, modelsPerCreator: 1 }, fileSizes: [400_000] } as const;

function linkUntil(expiresAt: number | null): ResolvedDownload {
  const url = "https://bucket.r2.cloudflarestorage.com/f?X-Amz-Signature=0123456789abcdef";
  return { url, host: "bucket.r2.cloudflarestorage.com", expiresAt, direct: false };
}

/** A store with a clock of its own, in place of one of an earlier process. */
function storeOf(library: Library, clock: FakeClock, changes: Partial<LinkStoreOptions> = {}): LinkStore {
  return new LinkStore(library, { token: "a-token", baseUrl: BASE, clock, ...changes });
}

function rawNotes({ catalog }: Library): string {
  return JSON.stringify(catalog.notes("link:"));
}

Deno.test("LinkStore passes a link to a later process, but not to a reader of the catalog", () =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    const link = linkUntil(clock.now() + HOUR_MS);
    assertEquals(await storeOf(library, clock).recall(KEY), null);
    await storeOf(library, clock).store(KEY, link);
    assertEquals(await storeOf(library, clock).recall(KEY), link);
    const sealed = library.catalog.note(`link:${KEY}`)!.split(" ")[1]!;
    const bytes = Buffer.from(sealed, "base64url").toString("latin1");
    // Long enough not to occur by chance.
    for (const word of ["cloudflare", "Amz-Signature", "0123456789abcdef", "a-token", "https:"]) {
      assert(!rawNotes(library).includes(word), `${word} stands in ${rawNotes(library)}`);
      assert(!bytes.includes(word), `${word} is encoded in ${sealed}, not encrypted`);
    }
  }));

Deno.test("LinkStore encrypts the same link differently each time", () =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    const store = storeOf(library, clock);
    await store.store(KEY, linkUntil(clock.now() + HOUR_MS));
    const first = rawNotes(library);
    await store.store(KEY, linkUntil(clock.now() + HOUR_MS));
    assertNotEquals(rawNotes(library), first);
  }));

Deno.test.each([
  { name: "another token", changes: { token: "b-token" } },
  { name: "no token", changes: { token: undefined } },
  { name: "another API", changes: { baseUrl: "https://civitai.red" } },
])("LinkStore silently drops a link if there is $name", ({ changes }) =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    await storeOf(library, clock).store(KEY, linkUntil(clock.now() + HOUR_MS));
    assertEquals(await storeOf(library, clock, changes).recall(KEY), null);
    assertEquals(library.catalog.notes("link:"), []);
  }));

Deno.test.each([
  { name: "cut off", spoil: (note: string) => note.slice(0, 40) },
  { name: "no note of ours", spoil: () => "hello" },
  { name: "of a later end", spoil: (note: string) => note.replace(/^\d+/, (until) => `${Number(until) + 1}`) },
  {
    name: "changed in one letter",
    spoil: (note: string) => note.slice(0, -4) + (note.at(-4) === "A" ? "B" : "A") + note.slice(-3),
  },
])("LinkStore drops an entry that is $name", ({ spoil }) =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    await storeOf(library, clock).store(KEY, linkUntil(clock.now() + HOUR_MS));
    library.catalog.setNote(`link:${KEY}`, spoil(library.catalog.note(`link:${KEY}`)!));
    assertEquals(await storeOf(library, clock).recall(KEY), null);
    assertEquals(library.catalog.notes("link:"), []);
  }));

Deno.test("LinkStore rejects an entry of another item", () =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    await storeOf(library, clock).store(KEY, linkUntil(clock.now() + HOUR_MS));
    library.catalog.setNote("link:file:1:3", library.catalog.note(`link:${KEY}`));
    assertEquals(await storeOf(library, clock).recall("file:1:3"), null);
  }));

Deno.test.each([
  { name: "31 s to live", expiresIn: 31_000, later: 0, isGood: true },
  { name: "30 s to live", expiresIn: 30_000, later: 0, isGood: false },
  { name: "an hour, an hour later", expiresIn: HOUR_MS, later: HOUR_MS, isGood: false },
  { name: "no end, 4 min later", expiresIn: null, later: 4 * 60_000, isGood: true },
  { name: "no end, 5 min later", expiresIn: null, later: 5 * 60_000, isGood: false },
  { name: "a year, 8 days later", expiresIn: 365 * 24 * HOUR_MS, later: 8 * 24 * HOUR_MS, isGood: false },
])("LinkStore.recall() handles a link with $name", ({ expiresIn, later, isGood }) =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    await storeOf(library, clock).store(KEY, linkUntil(expiresIn === null ? null : clock.now() + expiresIn));
    clock.advance(later);
    assertEquals(await storeOf(library, clock).recall(KEY) !== null, isGood);
  }));

Deno.test("LinkStore.store() skips a file that the API serves itself, since each request counts anyway", () =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    await storeOf(library, clock).store(KEY, { ...linkUntil(null), direct: true });
    assertEquals(library.catalog.notes("link:"), []);
  }));

Deno.test("LinkStore.forget() distinguishes a link of an earlier process from its own", () =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    const store = storeOf(library, clock);
    await store.store(KEY, linkUntil(null));
    assertEquals([storeOf(library, clock).forget(KEY), store.forget("file:9:9")], [true, false]);
    await store.store(KEY, linkUntil(null));
    assertEquals([store.forget(KEY), library.catalog.notes("link:")], [false, []]);
  }));

Deno.test("LinkStore.sweep() removes old links and invalid entries", () =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    const store = storeOf(library, clock);
    await store.store("file:1:1", linkUntil(clock.now() + HOUR_MS));
    await store.store("file:1:2", linkUntil(clock.now() + 2 * HOUR_MS));
    library.catalog.setNote("link:file:1:3", "");
    library.catalog.setNote("linker", "somebody else's");
    clock.advance(HOUR_MS);
    storeOf(library, clock).sweep();
    assertEquals(library.catalog.notes("link").map(({ name }) => name), ["link:file:1:2", "linker"]);
  }));

Deno.test("LinkStore without a token keeps its key in a file that only the user can read", () =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    const path = join(library.root, ".civitai-dl", "state", "links.key");
    const store = storeOf(library, clock, { token: undefined });
    const link = linkUntil(clock.now() + HOUR_MS);
    await store.store(KEY, link);
    const { size, mode } = await Deno.stat(path);
    assertEquals(size, 32);
    if (Deno.build.os !== "windows") assertEquals(mode! & 0o777, 0o600);
    assertEquals(await storeOf(library, clock, { token: undefined }).recall(KEY), link);
    await Deno.writeFile(path, new Uint8Array(5));
    assertEquals(await storeOf(library, clock, { token: undefined }).recall(KEY), null);
    await storeOf(library, clock, { token: undefined }).store(KEY, link);
    assertEquals((await Deno.stat(path)).size, 32);
  }));

/** A context with a store like that of another process. */
function contextOf(bench: Bench): Bench["context"] {
  const { library, clock, client: { baseUrl } } = bench;
  return { ...bench.context, links: storeOf(library, clock, { baseUrl }) };
}

/** Stop the first item once its transfer has started. */
async function stopInside(bench: Bench): Promise<void> {
  bench.sandbox.setToxics([{ type: "stall", atByte: 200_000, first: 1 }]);
  await bench.plan();
  const stop = new AbortController();
  const onEvent = (event: DownloadEvent): void => {
    if (event.type === "start") stop.abort(new Error("enough"));
  };
  await fetchItem({ ...contextOf(bench), signal: stop.signal, onEvent }, bench.firstItem()).catch(() => {});
  assertEquals([bench.sandbox.log.downloadHits, bench.library.catalog.notes("link:").length], [1, 1]);
}

Deno.test("fetchItem() resumes a stopped file with its stored link, and then removes the link", () =>
  withBench(ONE, async (bench) => {
    await stopInside(bench);
    const { outcome } = await fetchItem(contextOf(bench), bench.firstItem());
    assertEquals([outcome, bench.sandbox.log.downloadHits], ["done", 1]);
    assertEquals(bench.library.catalog.notes("link:"), []);
  }));

Deno.test("fetchItem() resolves again if the storage refuses a stored link", () =>
  withBench(ONE, async (bench) => {
    await stopInside(bench);
    bench.sandbox.advance(25 * HOUR_MS);
    const { outcome } = await fetchItem(contextOf(bench), bench.firstItem());
    assertEquals([outcome, bench.sandbox.log.downloadHits], ["done", 2]);
  }));

Deno.test("fetchItem() resolves again if a stored link is dead", () =>
  withBench(ONE, async (bench) => {
    await bench.plan();
    const links = contextOf(bench).links!;
    const url = `${bench.sandbox.storageOrigin}/moved?X-Amz-Signature=1`;
    await links.store(bench.firstItem().key, { ...linkUntil(null), url });
    const { outcome } = await fetchItem(contextOf(bench), bench.firstItem());
    assertEquals([outcome, bench.sandbox.log.downloadHits], ["done", 1]);
  }));

Deno.test("fetchItem() removes the link of a file that is permanently refused", () =>
  withBench({ size: ONE.size, outcomes: { staleHash: 1 } }, async (bench) => {
    await bench.plan();
    const error = await fetchItem(contextOf(bench), bench.firstItem()).catch((thrown) => thrown);
    assertStringIncludes(error.message, "SHA-256");
    assertEquals(bench.library.catalog.notes("link:"), []);
  }));

Deno.test("download() first removes old links", () =>
  withBench(ONE, async (bench) => {
    bench.library.catalog.setNote("link:file:0:0", "1 old");
    const { links } = contextOf(bench);
    await bench.download({ links });
    assertEquals(bench.library.catalog.notes("link:"), []);
  }));
