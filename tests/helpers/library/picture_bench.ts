import { join } from "node:path";
import type { DownloadEvent, Library } from "../../../lib/downloader/mod.ts";
import type { SettledFetch } from "../../../lib/downloader/settled_fetch.ts";
import type { CatalogItem } from "../../../lib/library/mod.ts";
import { createFetchTransport } from "../../../lib/transfer/mod.ts";
import { FakeClock } from "../fake_clock.ts";
import { fetchContext } from "./fetch_options.ts";
import { keep, plannedFile, put, withLibrary } from "./kept_library.ts";
import { serveCivitai, type SmallCivitai } from "../servers/small_civitai.ts";

/** A picture on the server and its row. */
export interface ServedPicture {
  readonly key: string;
  /** Relative to the library. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A library and a server of pictures. */
export interface PictureBench {
  readonly library: Library;
  readonly civitai: SmallCivitai;
  readonly context: SettledFetch;
  readonly events: DownloadEvent[];
  readonly pictures: readonly ServedPicture[];
  item(picture: ServedPicture): CatalogItem;
  /** Plan a picture that was never fetched. */
  plan(picture: ServedPicture): CatalogItem;
  /** Write bytes to the picture's path. */
  put(picture: ServedPicture, bytes: Uint8Array | string): Promise<string>;
  /** Put a picture on disk like a finished download; returns its absolute path. */
  keep(picture: ServedPicture): Promise<string>;
  read(path: string): Promise<Uint8Array>;
  /** Names in `corrupted/`. */
  aside(): Promise<readonly string[]>;
  warnings(): readonly string[];
}

/** Real pictures of a few pixels, by name. */
export async function pictureBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(`../../library/fixtures/pictures/${name}`, import.meta.url));
}

/** Run a story with some pictures, or with anything that a test serves under their names. */
export function withPictures(
  sources: readonly (string | Uint8Array<ArrayBuffer>)[],
  story: (bench: PictureBench) => Promise<void>,
): Promise<void> {
  return withLibrary(async (library) => {
    const contents = await Promise.all(sources.map((one) => typeof one === "string" ? pictureBytes(one) : one));
    const published = contents.map((bytes, index) => ({
      modelId: 1,
      versionId: 1,
      fileId: index + 1,
      name: `${index + 1}.jpeg`,
      bytes,
    }));
    await using civitai = serveCivitai(published);
    using transport = createFetchTransport();
    const events: DownloadEvent[] = [];
    const planned = (id: number, path: string) => ({
      ...plannedFile(1, { key: `preview:1:${id}`, kind: "preview", fileId: null, imageId: id, path }),
      source: `${civitai.storageUrl}/${id}?width=original`,
    });
    const pictures = contents.map((bytes, index) => ({
      key: `preview:1:${index + 1}`,
      path: `models/style.preview.${index + 1}.${String(sources[index]).split(".")[1] ?? "jpeg"}`,
      bytes,
    }));
    const idOf = (picture: ServedPicture): number => pictures.indexOf(picture) + 1;
    await story({
      library,
      civitai,
      events,
      pictures,
      context: fetchContext({
        library,
        client: civitai.client,
        transport: transport.send,
        clock: new FakeClock(),
        onEvent: (event) => events.push(event),
      }),
      item: ({ key }) => library.catalog.item(key)!,
      plan: (picture) => library.catalog.plan(planned(idOf(picture), picture.path), 0),
      put: (picture, bytes) => put(library, picture.path, bytes),
      keep: (picture) => keep(library, 1, picture.bytes, { ...planned(idOf(picture), picture.path), hashes: {} }),
      read: (path) => Deno.readFile(join(library.root, path)),
      async aside() {
        const folder = join(library.root, "corrupted");
        return (await Array.fromAsync(Deno.readDir(folder)).catch(() => [])).map(({ name }) => name).sort();
      },
      warnings: () => events.filter((event) => event.type === "warning").map(({ message }) => message),
    });
  });
}
