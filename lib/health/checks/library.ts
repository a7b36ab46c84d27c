import { join } from "node:path";
import { isDenoError, shell } from "../../base/mod.ts";
import { type GoneLibrary, sayFound, STATE_FOLDER } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";

/** Mounts what should be mounted, by operating system. */
const MOUNT: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  darwin: "diskutil list",
  windows: "mountvol",
};

export const LIBRARY_CHECK = defineCheck({
  name: "library",
  ja: "ライブラリ",
  touches: "state",
  problem: "library-missing",
  measure: measureLibrary,
  judge: judgeLibrary,
});

/** What is at the library's place. */
export interface LibraryFacts {
  /** The library that was there and is not; `null` if none is missing. */
  readonly gone: GoneLibrary | null;
  /** Whether a library is there. */
  readonly isThere: boolean;
}

async function measureLibrary({ library, gone }: HealthPlace): Promise<LibraryFacts> {
  return { gone, isThere: await mayExist(join(library, STATE_FOLDER)) };
}

/** Whoever may not look cannot say that nothing is there. */
async function mayExist(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, (error) => !isDenoError(error, "NotFound", "NotADirectory"));
}

/** Judge whether the library is there. Without it, every command would begin a new one on whatever disk is there now. */
export function judgeLibrary(
  { gone, isThere }: LibraryFacts,
  place: Pick<HealthPlace, "library">,
): HealthFinding {
  if (gone === null && !isThere) {
    return finding("no-library", {
      en: `nothing was ever downloaded to "${place.library}"`,
      ja: `"${place.library}" にはまだ何もダウンロードしていません`,
    }, { figures: { path: place.library } });
  }
  if (gone === null) return finding("ok", { en: "it is there", ja: "元の場所にあります" });
  const { path, seenAt, movedTo } = gone;
  const figures = { path, seenAt, movedTo };
  if (movedTo !== null) {
    const state = sayFound(gone);
    return finding("library-missing", {
      en: `${state.en}; it is at "${movedTo}" now`,
      ja: `${state.ja}。現在は "${movedTo}" にあります`,
    }, { next: shell`civitai-dl doctor --library ${movedTo}`, then: null, figures });
  }
  return finding("library-missing", sayFound(gone), { next: MOUNT[Deno.build.os] ?? "sudo mount -a", figures });
}
