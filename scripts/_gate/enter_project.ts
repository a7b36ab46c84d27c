import { dirname, join, relative, resolve } from "node:path";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { findCheckout } from "../_frame/program_form.ts";

/** Converts paths of flags to the project's folder, which is now the working directory. */
export interface EnteredProject {
  /** Convert the path of a flag. The default of a flag is already relative to the project. */
  readonly path: (flag: string, path: string) => string;
}

/**
 * Change to the user's project: the nearest folder with a `deno.json`, from the working directory upwards, otherwise
 * this checkout. Paths of flags remain relative to the folder in which the user ran the command.
 *
 * @param context The sources of the flags
 * @returns Converts the paths of flags
 */
export async function enterProject({ sourceOf }: Pick<CommandContext, "sourceOf">): Promise<EnteredProject> {
  const from = Deno.cwd();
  const project = await findProject(from) ?? findCheckout() ?? from;
  const isCurrent = resolve(project) === from;
  if (!isCurrent) Deno.chdir(project);
  return {
    path: (flag, path) =>
      isCurrent || sourceOf(flag) === "default" ? path : relative(project, resolve(from, path)) || ".",
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
