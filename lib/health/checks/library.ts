import { quoteWord } from "../../base/mod.ts";
import { describeGone, type GoneLibrary } from "../../library/mod.ts";
import { defineCheck, finding, type HealthFinding } from "../health_check.ts";
import { type CommandPlace, nextCommand } from "../next_command.ts";

/** Mounts what should be mounted, by operating system. */
const MOUNT: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  darwin: "diskutil list",
  windows: "mountvol",
};

export const LIBRARY_CHECK = defineCheck({
  name: "library",
  question: "Is the library where it was?",
  problem: "library-missing",
  measure: ({ gone = null }) => Promise.resolve(gone),
  judge: judgeLibrary,
});

/** Judge whether the library is there. Without it, every command would begin a new one on whatever disk is there now. */
export function judgeLibrary(gone: GoneLibrary | null, place: CommandPlace): HealthFinding {
  if (gone === null) return finding("ok", "nothing is missing that was there");
  const { path, seenAt, movedTo } = gone;
  const figures = { path, seenAt, movedTo };
  if (movedTo !== null) {
    return finding("fail", `${describeGone(gone)}; it is at "${movedTo}" now`, {
      remedy: nextCommand({ ...place, libraryWord: quoteWord(movedTo) }, "doctor"),
      advice: "name that folder, in civitai-dl.yml and wherever a nightly job names the old one",
      ja: { advice: "civitai-dl.yml や夜間ジョブで指定しているフォルダーを、移動先に変更してください" },
      figures,
    });
  }
  return finding("fail", describeGone(gone), {
    remedy: MOUNT[Deno.build.os] ?? "sudo mount -a",
    afterwards: nextCommand(place, "doctor"),
    advice:
      "it mounts what /etc/fstab lists; if you deleted the library on purpose, add --forget-library to the command",
    figures,
  });
}
