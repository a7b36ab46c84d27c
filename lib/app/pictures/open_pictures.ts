import { join } from "node:path";
import { type Catalog, STATE_FOLDER } from "../../library/mod.ts";
import { ImageSources, type ImageSourcesOptions } from "./image_sources.ts";
import { PreviewCache, type PreviewCacheOptions } from "./preview_cache.ts";
import { Previews, type PreviewsOptions } from "./previews.ts";
import { StreamSlots } from "./stream_slots.ts";

/** Number of files that are sent at once. */
const MAX_STREAMS = 16;

/** Options of {@linkcode openPictures}. */
export interface OpenPicturesOptions
  extends
    Pick<PreviewsOptions, "root" | "baseUrl" | "allowedHosts" | "env" | "clock">,
    Pick<PreviewCacheOptions, "maxBytes" | "freeBytes" | "onWarning">,
    Pick<ImageSourcesOptions, "versionOf"> {
  /** The catalog of the library, open for reading. */
  readonly catalog: () => Catalog;
  /** Whether nothing is written into the library: previews are then fetched, but only the browser keeps them. */
  readonly isReadOnly: boolean;
}

/** What the routes of pictures and of files need. Dispose it to end all requests and to close the cache. */
export interface Pictures extends AsyncDisposable {
  readonly root: string;
  readonly catalog: () => Catalog;
  readonly images: ImageSources;
  readonly previews: Previews;
  readonly slots: StreamSlots;
}

/** Put together what serves pictures and files of a library. */
export function openPictures(options: OpenPicturesOptions): Pictures {
  const { root, catalog, isReadOnly } = options;
  const owned = new AsyncDisposableStack();
  const folder = join(root, STATE_FOLDER, "previews");
  const cache = isReadOnly ? null : owned.use(new PreviewCache({ ...options, folder }));
  const images = new ImageSources({ catalog, versionOf: options.versionOf });
  const previews = owned.use(new Previews({ ...options, cache, find: (image) => images.find(image) }));
  return {
    root,
    catalog,
    images,
    previews,
    slots: new StreamSlots(MAX_STREAMS),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
