/**
 * One process at a time forgets all files of a library and undoes that, and is killed by SIGKILL 200 times.
 *
 * Bounds: after every kill each file is at one place, whole; the library opens, which finishes the change; after the
 * last undo the library has every file and every row of before, byte for byte.
 * Takes two minutes: `deno run -q -P=acceptance tests/acceptance/change_kills.ts [--kills 200] [--files 400]`
 *
 * @module
 */
import { walk } from "@std/fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom, systemClock } from "../../lib/base/mod.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { ChangeLog, undoChange } from "../../lib/library/mod.ts";
import { keep } from "../helpers/library/kept_library.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { treeOf } from "../library/changes/_changed_library.ts";
import { numberFlag, tellProgress } from "./_flag.ts";

const WORKER = fileURLToPath(new URL("./_change_worker.ts", import.meta.url));
const NAMES = ["модель", "模型", "نموذج", "x y", "é", "👩‍🚀", "a.b.c", "-v"];

/** What the kills did to the library. */
interface KillFigures {
  readonly kills: number;
  /** Kills that met a change under way. */
  unfinished: number;
  /** Files that were at no place, at two, or not whole after a kill. */
  lost: number;
  /** Kills after which the library could not be opened. */
  unopened: number;
  /** Whether the last undo gave the tree of before, and the rows. */
  isSame: boolean;
}

/** Count the files of a library outside of its state, and in its trash. */
async function countFiles(root: string): Promise<number> {
  let count = 0;
  for await (const { path, isFile } of walk(root)) {
    if (!isFile || !path.endsWith(".bin")) continue;
    count++;
  }
  return count;
}

/** Kill a process that forgets and undoes, again and again. */
export async function killChanges(
  root: string,
  { kills, files, onKill = () => {} }: {
    readonly kills: number;
    readonly files: number;
    readonly onKill?: (kill: number) => void;
  },
): Promise<KillFigures> {
  const random = seededRandom(38);
  const figures: KillFigures = { kills, unfinished: 0, lost: 0, unopened: 0, isSame: false };
  const rowsOf = async (): Promise<string> => {
    using library = await openLibrary(root, { command: "test", waitMs: 5000 });
    const rows = Array.from(library.catalog.items(), ({ key }) => library.catalog.storedItem(key));
    return JSON.stringify(rows.toSorted((a, b) => (a!.key < b!.key ? -1 : 1)));
  };
  {
    using library = await openLibrary(root, { command: "test" });
    for (let id = 1; id <= files; id++) {
      const name = NAMES[id % NAMES.length]!;
      await keep(library, id, new TextEncoder().encode(`${name} ${id}`), {
        path: `${name}/${id % 40}/${name}.${id}.bin`,
      });
    }
  }
  const tree = await treeOf(root);
  const rows = await rowsOf();
  for (let kill = 1; kill <= kills; kill++) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-check", "--no-prompt", "-P=acceptance", WORKER, root],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    await systemClock.sleep(random() * 250);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    if (await countFiles(root) !== files) figures.lost++;
    const records = await new ChangeLog(root).list();
    if (records.some(({ state }) => state === "applying" || state === "undoing")) figures.unfinished++;
    try {
      using library = await openLibrary(root, { command: "test", waitMs: 5000 });
      const [last] = await new ChangeLog(root).list();
      if (last !== undefined && last.leftOut.length > 0) figures.lost++;
      if (kill === kills && last?.state === "applied") await undoChange(library, last.id);
    } catch (error) {
      figures.unopened++;
      tellProgress(String(error));
    }
    if (await countFiles(root) !== files) figures.lost++;
    onKill(kill);
  }
  figures.isSame = JSON.stringify(await treeOf(root)) === JSON.stringify(tree) && await rowsOf() === rows;
  return figures;
}

if (import.meta.main) {
  const kills = numberFlag("kills", 200);
  const files = numberFlag("files", 400);
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const onKill = (kill: number): void => {
      if (kill % 50 === 0) tellProgress(`${kill} kills`);
    };
    const figures = await killChanges(join(folder, "library"), { kills, files, onKill });
    reportFigures(figures, [
      { name: "no file was lost", isMet: figures.lost === 0 },
      { name: "the library opened after every kill", isMet: figures.unopened === 0 },
      { name: "a fifth of the kills met a change under way", isMet: figures.unfinished >= kills / 5 },
      { name: "the last undo gave files and rows of before", isMet: figures.isSame },
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
