import { startSandbox } from "../../../lib/sandbox/mod.ts";
import type { Sandbox } from "../../../lib/sandbox/mod.ts";
import { inPagePlace, type PagePlace } from "../../helpers/pages/page_place.ts";
import type { Replacement } from "../../helpers/pages/read_block.ts";

/** A reader's home, and the Civitai that their commands reach without `--sandbox`. */
export interface LibraryPlace extends PagePlace {
  readonly sandbox: Sandbox;
  /** The creator that pages call NAME. */
  readonly name: Replacement;
  /** Variables of a reader who has set the API key. */
  readonly withKey: { readonly env: Readonly<Record<string, string>> };
}

/** Create such a place with a sandbox of two creators. */
export function inLibraryPlace(use: (place: LibraryPlace) => Promise<void>): Promise<void> {
  return inPagePlace(async (place) => {
    await using sandbox = await startSandbox({
      size: { creators: 2, modelsPerCreator: 2 },
      outcomes: {},
      imagesPerVersion: { min: 1, max: 1 },
      galleryPerVersion: 0,
      fileBytes: { min: 1024, max: 20_000 },
    });
    const [creator] = sandbox.catalog.creators();
    // The real API gets a request every two seconds.
    await place.write(".config/civitai-dl/civitai-dl.yml", "api-rate: 100\nimage-rate: 100\nreserve: 0\n");
    await use({
      ...place,
      env: { ...place.env, CIVITAI_DL_BASE_URL: sandbox.apiOrigin },
      sandbox,
      name: { from: "NAME", to: creator!.username, because: "a creator of the sandbox" },
      withKey: { env: { CIVITAI_API_KEY: sandbox.token } },
    });
  });
}
