import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { DownloadEvent } from "../../../lib/downloader/mod.ts";
import { fetchItem } from "../../../lib/downloader/fetch/fetch_item.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { type CatalogItem, CORRUPTED_FOLDER } from "../../../lib/library/mod.ts";
import { createFetchTransport } from "../../../lib/transfer/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { fetchContext } from "../../helpers/library/fetch_options.ts";
import { flip, keep, plannedFile, setDate, withLibrary } from "../../helpers/library/kept_library.ts";
import { sha256, someBytes } from "../../helpers/servers/file_server.ts";
import { type Published, serveCivitai, serveRange } from "../../helpers/servers/small_civitai.ts";

const OLD = someBytes(5000, 1);
const NEW = someBytes(7000, 2);

/** A library with a file that was replaced on Civitai since. */
interface Replaced {
  /** Absolute path of the file. */
  readonly path: string;
  readonly item: () => CatalogItem;
  readonly events: DownloadEvent[];
  fetch(): ReturnType<typeof fetchItem>;
  /** Called with the first request for the new content. */
  onRequest: () => void;
  /** What the storage sends. */
  sent: Uint8Array<ArrayBuffer>;
  readonly aside: () => Promise<readonly string[]>;
}

/** Run a story in which the API lists a new content, with hashes or only with another size. */
function withReplaced(hasHashes: boolean, story: (replaced: Replaced) => Promise<void>): Promise<void> {
  return withLibrary(async (library) => {
    const { catalog, root } = library;
    const published: Published = { modelId: 1, versionId: 1, fileId: 1, name: "1.bin", bytes: NEW };
    await using civitai = serveCivitai([published]);
    using transport = createFetchTransport();
    const hashesOf = (bytes: Uint8Array): Record<string, string> => hasHashes ? { SHA256: sha256(bytes) } : {};
    const path = await keep(library, 1, OLD, { hashes: hashesOf(OLD), sizeBytes: OLD.length });
    catalog.plan({ ...plannedFile(1), hashes: hashesOf(NEW), sizeBytes: NEW.length }, 1);
    const item = (): CatalogItem => catalog.item("file:1:1")!;
    const events: DownloadEvent[] = [];
    const context = fetchContext({
      library,
      client: civitai.client,
      transport: transport.send,
      clock: new FakeClock(),
      onEvent: (event) => void events.push(event),
    });
    const replaced: Replaced = {
      path,
      item,
      events,
      fetch: () => fetchItem(context, item()),
      onRequest: () => {},
      sent: NEW,
      async aside() {
        const folder = join(root, CORRUPTED_FOLDER);
        return (await Array.fromAsync(Deno.readDir(folder)).catch(() => [])).map(({ name }) => name);
      },
    };
    for (let request = 0; request < 10; request++) {
      civitai.faults.push((request) => {
        replaced.onRequest();
        return serveRange(request, replaced.sent, civitai.etag);
      });
    }
    await story(replaced);
  });
}

for (const hasHashes of [true, false]) {
  Deno.test(`fetchItem() replaces a file of which Civitai lists another ${hasHashes ? "hash" : "size"}`, () =>
    withReplaced(hasHashes, async ({ path, item, fetch, aside }) => {
      assertEquals((await fetch()).outcome, "done");
      assertEquals([await Deno.readFile(path), item().path], [NEW, "models/1.bin"]);
      assertEquals(await aside(), []);
    }));
}

Deno.test("fetchItem() has the old file under its name until the new one is whole", () =>
  withReplaced(true, async (replaced) => {
    const { path, fetch } = replaced;
    const seen: Uint8Array[] = [];
    replaced.onRequest = () => void seen.push(Deno.readFileSync(path));
    await fetch();
    assertEquals([seen[0], await Deno.readFile(path)], [OLD, NEW]);
  }));

Deno.test("fetchItem() replaces a file of which only the date has changed", () =>
  withReplaced(true, async ({ path, item, fetch }) => {
    await setDate(path, new Date(Date.now() - 3_600_000));
    await fetch();
    assertEquals([await Deno.readFile(path), item().path], [NEW, "models/1.bin"]);
  }));

Deno.test("fetchItem() keeps a file that the user has put in place of one that Civitai replaced", () =>
  withReplaced(true, async ({ path, item, fetch, events }) => {
    const mine = someBytes(6000, 3);
    await Deno.writeFile(path, mine);
    await setDate(path, new Date(Date.now() + 60_000));
    await fetch();
    assertEquals([await Deno.readFile(path), item().path], [mine, "models/1 [1].bin"]);
    assertEquals(await Deno.readFile(path.replace("1.bin", "1 [1].bin")), NEW);
    const warning = events.find((event) => event.type === "warning");
    assertStringIncludes(warning?.message ?? "", "holds another file");
  }));

Deno.test("fetchItem() adopts the new content that the user has already put in place of the old one", () =>
  withReplaced(true, async ({ path, item, fetch }) => {
    await Deno.writeFile(path, NEW);
    assertEquals([(await fetch()).outcome, item().path], ["already there", "models/1.bin"]);
  }));

Deno.test("fetchItem() puts a damaged file aside that Civitai has replaced", () =>
  withReplaced(true, async ({ path, item, fetch, aside }) => {
    await flip(path, 2000);
    await fetch();
    assertEquals([await Deno.readFile(path), item().path, (await aside()).length], [NEW, "models/1.bin", 1]);
  }));

Deno.test("fetchItem() keeps a file that the user writes while the new content arrives", () =>
  withReplaced(true, async (replaced) => {
    const { path, item, fetch } = replaced;
    const mine = someBytes(6000, 3);
    replaced.onRequest = () => Deno.writeFileSync(path, mine);
    assertEquals((await fetch()).outcome, "done");
    assertEquals([await Deno.readFile(path), item().path, item().state], [mine, "models/1 [1].bin", "done"]);
    assertEquals(await Deno.readFile(path.replace("1.bin", "1 [1].bin")), NEW);
    assertEquals([item().sha256, item().actualBytes], [sha256(NEW), NEW.length]);
  }));

Deno.test("fetchItem() keeps the old file, and no copy of it, if the storage still sends its content", () =>
  withReplaced(true, async (replaced) => {
    const { path, item, fetch, aside } = replaced;
    replaced.sent = OLD;
    await assertRejects(fetch, FailureError, "Civitai still sends the replaced file");
    assertEquals([await Deno.readFile(path), await aside()], [OLD, []]);
    replaced.sent = NEW;
    assertEquals((await fetch()).outcome, "done");
    assertEquals([await Deno.readFile(path), item().state], [NEW, "done"]);
  }));
