/**
 * Plays the whole life in a folder with the `git` of its PATH, or one with kills, and prints figures:
 * `_life_worker.ts FOLDER [EVERY short|whole]`.
 */
import { killLife } from "./kill_life.ts";
import { Life } from "./life.ts";
import { createLifeProject } from "./life_project.ts";
import { playCanary } from "./play_canary.ts";
import { playLife } from "./play_life.ts";

async function print(text: string, stream: typeof Deno.stdout): Promise<void> {
  await new Blob([`${text}\n`]).stream().pipeTo(stream.writable, { preventClose: true });
}

if (import.meta.main) {
  const [folder, every, length] = Deno.args;
  const onProgress = (text: string): void => void print(text, Deno.stderr);
  if (every === undefined) {
    const project = await createLifeProject(folder!, "real");
    const life = new Life(project, { onProgress });
    await Promise.all([playLife(life), playCanary(folder!)]);
    await print(JSON.stringify({ lines: life.lines, root: project.root }), Deno.stdout);
  } else {
    const isShort = length === "short";
    const figures = await killLife({
      folder: folder!,
      every: Number(every),
      length: isShort ? "short" : "whole",
      onProgress,
    });
    await print(JSON.stringify(figures), Deno.stdout);
  }
}
