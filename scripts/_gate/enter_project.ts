import { dirname, join, relative, resolve } from "node:path";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { findCheckout } from "../_frame/program_form.ts";

/** Paths of flags, made relative to the project's folder, which is the working folder now. */
export interface EnteredProject {
  /** The path of a flag; its default is relative to the project. */
  readonly path: (flag: string) => string | undefined;
  /** The paths of a flag that may be repeated. */
  readonly paths: (flag: string) => readonly string[];
}

/**
 * Change to the user's project: the nearest folder with a `deno.json`, from the working folder upwards, else this
 * checkout. Paths of flags still mean the folder in which the user ran the command.
 *
 * @param context The flags
 * @returns The flags' paths
 */
export async function enterProject({ flags, given }: CommandContext): Promise<EnteredProject> {
  const from = Deno.cwd();
  const project = await findProject(from) ?? findCheckout() ?? from;
  const isThere = resolve(project) === from;
  if (!isThere) Deno.chdir(project);
  const moved = (flag: string, path: string) =>
    isThere || given(flag) === "default" ? path : relative(project, resolve(from, path)) || ".";
  return {
    path(flag) {
      const path = flags.string(flag);
      return path === undefined ? undefined : moved(flag, path);
    },
    paths: (flag) => flags.strings(flag).map((path) => moved(flag, path)),
  };
}

async function findProject(start: string): Promise<string | null> {
  for (let folder = start;; folder = dirname(folder)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      if (await Deno.stat(join(folder, name)).then((stat) => stat.isFile, () => false)) return folder;
    }
    if (folder === dirname(folder)) return null;
  }
}
