import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { runGit } from "../../lib/git/mod.ts";

/** Folder of the hooks in the checkout. */
export const HOOKS_FOLDER = ".githooks";

/** The state of the git hooks. */
export type HooksState =
  | { readonly type: "ours" }
  | { readonly type: "none" }
  /** `core.hooksPath` leads elsewhere. */
  | { readonly type: "elsewhere"; readonly path: string; readonly scope: string }
  /** There are hooks in the git folder, which would no longer run. */
  | { readonly type: "own hooks"; readonly names: readonly string[] };

/** Find out which hooks git runs in a checkout. */
export async function readHooks(root: string, commonFolder: string): Promise<HooksState> {
  const { stdout } = await runGit(["config", "--show-scope", "--get-all", "core.hooksPath"], { cwd: root });
  // `runGit` turns hooks off by a setting of its own, in the scope "command".
  const set = stdout.split("\n").map((line) => line.split("\t")).filter(([scope, path]) => path && scope !== "command");
  const [scope = "", path] = set.at(-1) ?? [];
  if (path !== undefined) return path === HOOKS_FOLDER ? { type: "ours" } : { type: "elsewhere", path, scope };
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(join(commonFolder, "hooks"))) {
      if (!name.endsWith(".sample")) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.length === 0 ? { type: "none" } : { type: "own hooks", names: names.sort() };
}

/** Let git run the hooks of the checkout. */
export async function setHooks(root: string): Promise<void> {
  await changeConfig(root, ["config", "--local", "core.hooksPath", HOOKS_FOLDER]);
}

/** Let git run no hooks of the checkout any more. */
export async function unsetHooks(root: string): Promise<void> {
  await changeConfig(root, ["config", "--local", "--unset", "core.hooksPath"]);
}

/**
 * Explain what keeps the hook from running: it starts `deno`, which is not on the PATH of git if npx has started Deno.
 *
 * @returns What to do; `null` if the hook can run
 */
export function explainMissingDeno(words: readonly string[]): string | null {
  if (words[0] === "deno") return null;
  return "each commit is refused until deno is on the PATH, such as by: npm install -g deno";
}

async function changeConfig(root: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runGit(args, { cwd: root });
  if (code === 0) return;
  throw new KitError("unsafe", `Cannot change the settings of git: ${stderr.trim().split("\n").at(-1)}`, {
    hint: "Check that .git/config can be written",
  });
}
