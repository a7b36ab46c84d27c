import { quoteWord } from "../base/mod.ts";
import { dirname } from "node:path";
import { stateFolder } from "../library/mod.ts";
import { finding, type HealthFinding, type HealthPlace } from "./health_check.ts";

/**
 * Find a file that stands where the library, its state or the logs need a folder.
 *
 * @param place Library and logs
 * @returns Its path; `null` if nothing is in the way
 */
export async function findFileInTheWay(
  { library, logs }: Pick<HealthPlace, "library" | "logs">,
): Promise<string | null> {
  return await fileAbove(stateFolder(library)) ?? await fileAbove(logs);
}

/** Find the nearest thing that exists, the path itself included, and return it if it is no folder. */
async function fileAbove(path: string): Promise<string | null> {
  for (let above = path;; above = dirname(above)) {
    try {
      return (await Deno.stat(above)).isDirectory ? null : above;
    } catch (error) {
      const isAbsent = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
      // Whatever else keeps this user from looking is no file.
      if (!isAbsent || above === dirname(above)) return null;
    }
  }
}

/** Say which file has to go. The command asks before it replaces an older file. */
export function fileInTheWay(path: string): HealthFinding {
  return finding("fail", { en: `${path} is a file, not a folder`, ja: `${path} がフォルダーではなくファイルです` }, {
    next: `mv -i ${quoteWord(path)} ${quoteWord(`${path}.old`)}`,
    then: "civitai-dl doctor",
    advice: {
      en: "or name the folder that is meant, with --library or --logs",
      ja: "または、使うフォルダーを --library か --logs で指定してください",
    },
    figures: { path },
  });
}
