import { join } from "node:path";
import { isDenoError, quoteWord } from "../../base/mod.ts";
import { type GoneLibrary, sayFound, STATE_FOLDER } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** Mounts what should be mounted, by operating system. */
const MOUNT: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  darwin: "diskutil list",
  windows: "mountvol",
};

export const LIBRARY_CHECK = defineCheck({
  name: "library",
  question: "Is the library where it was?",
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

async function measureLibrary({ library, gone = null }: HealthPlace): Promise<LibraryFacts> {
  return { gone, isThere: await mayExist(join(library, STATE_FOLDER)) };
}

/** Whoever may not look cannot say that nothing is there. */
async function mayExist(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, (error) => !isDenoError(error, "NotFound", "NotADirectory"));
}

/** Judge whether the library is there. Without it, every command would begin a new one on whatever disk is there now. */
export function judgeLibrary(
  { gone, isThere }: LibraryFacts,
  place: CommandPlace & Pick<HealthPlace, "library">,
): HealthFinding {
  if (gone === null && !isThere) {
    return finding("no-library", {
      en: `nothing was ever downloaded to "${place.library}"`,
      ja: `"${place.library}" にはまだ何もダウンロードしていません`,
    }, {
      remedy: nextCommand(place, "download --user NAME"),
      advice: {
        en: "put a creator in the place of NAME; if you have a library, name its folder with --library",
        ja:
          "NAME をクリエイター名に置き換えてください。すでにライブラリがある場合は、そのフォルダーを --library で指定します",
      },
      figures: { path: place.library },
    });
  }
  if (gone === null) return finding("ok", { en: "it is there", ja: "元の場所にあります" });
  const { path, seenAt, movedTo } = gone;
  const figures = { path, seenAt, movedTo };
  if (movedTo !== null) {
    const state = sayFound(gone);
    return finding("fail", {
      en: `${state.en}; it is at "${movedTo}" now`,
      ja: `${state.ja}。現在は "${movedTo}" にあります`,
    }, {
      remedy: nextCommand({ ...place, libraryWord: quoteWord(movedTo) }, "doctor"),
      advice: {
        en: "name that folder, in civitai-dl.yml and wherever a nightly job names the old one",
        ja: "civitai-dl.yml や夜間ジョブで指定しているフォルダーを、移動先に変更してください",
      },
      figures,
    });
  }
  const forget = nextCommand(place, "download --forget-library");
  return finding("fail", sayFound(gone), {
    remedy: MOUNT[Deno.build.os] ?? "sudo mount -a",
    afterwards: nextCommand(place, "doctor"),
    advice: {
      en: `it mounts what /etc/fstab lists; if you deleted or replaced the library on purpose: ${forget}`,
      ja: `/etc/fstab にあるディスクをマウントします。ライブラリを意図して削除または入れ替えた場合: ${forget}`,
    },
    figures,
  });
}
