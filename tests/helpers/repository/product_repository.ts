import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A repository with the sources of this project as they are on disk, and tags of versions. */
export interface ProductRepository {
  /** Folder for everything else of the test. */
  readonly folder: string;
  /** Folder of the checkout. */
  readonly root: string;
  /** Folder of installed versions. */
  readonly prefix: string;
  readonly git: (...args: readonly string[]) => Promise<string>;
  /** Commit everything under another version number, and tag it. Returns the commit. */
  readonly release: (tag: string) => Promise<string>;
  /** Run a task of this checkout's commands on it, with `--json`. */
  readonly task: (name: string, ...args: readonly string[]) => Promise<TaskOutput>;
}

/** The result of a task. */
export interface TaskOutput {
  readonly code: number;
  // deno-lint-ignore no-explicit-any
  readonly json: any;
  readonly err: string;
}

/** Folders and files that the program is built from, and what the gate needs. */
const SOURCES = [
  ...["lib", "scripts", "checks", "std", "config", "docs", "benchmarks", "cli.ts", "mod.ts", "lint.ts", "deno.json"],
  "deno.lock",
];

/** The commands that a production test or a rollback runs. */
const KEPT_COMMANDS = ["download", "verify", "repair", "list", "self-test"];

/**
 * Leave the other commands out of a copy of the program: each would be one start of the bundle, and all together make
 * most of it. A release has them all, and its production test asks each for its help.
 */
export async function keepCommands(root: string): Promise<void> {
  const path = join(root, "scripts", "_commands.ts");
  let kept = 0;
  const text = (await Deno.readTextFile(path)).replaceAll(
    /^ {2}\{\n {4}name: "(.*)",\n[^]*?^ {2}\},\n/gm,
    (entry, name) => {
      if (!KEPT_COMMANDS.includes(name)) return "";
      kept++;
      return entry;
    },
  );
  if (kept !== KEPT_COMMANDS.length) throw new Error(`${path} has ${kept} of the commands ${KEPT_COMMANDS}`);
  await Deno.writeTextFile(path, text);
}

/** Copy the sources of this project into a repository of its own. */
export function inProductRepository(use: (product: ProductRepository) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const root = join(folder, "product");
    const prefix = join(folder, "installed");
    await Deno.mkdir(root);
    const run = async (words: readonly string[], cwd: string, env = {}): Promise<Deno.CommandOutput> => {
      const [program, ...args] = words;
      return await new Deno.Command(program!, { args, cwd, env, stdin: "null" }).output();
    };
    const git = async (...args: readonly string[]) => {
      const who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
      const { code, stdout, stderr } = await run(["git", ...who, ...args], root);
      if (code !== 0) throw new Error(`git ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
      return new TextDecoder().decode(stdout);
    };
    for (const name of SOURCES) await run(["cp", "-r", join(ROOT, name), root], folder);
    await git("init", "-q", "-b", "main");
    await use({
      folder,
      root,
      prefix,
      git,
      async release(tag) {
        const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
        const text = `${JSON.stringify({ ...config, version: tag.slice(1) }, null, 2)}\n`;
        await Deno.writeTextFile(join(root, "deno.json"), text);
        await git("add", "-A");
        await git("commit", "-q", "-m", `chore: ${tag}`);
        await git("tag", "-a", tag, "-m", tag);
        return (await git("rev-parse", "HEAD")).trim();
      },
      async task(name, ...args) {
        const words = [Deno.execPath(), "task", "-q", "--config", join(ROOT, "deno.json"), name, ...args, "--json"];
        const { code, stdout, stderr } = await run(words, root, { INIT_CWD: root });
        const out = new TextDecoder().decode(stdout);
        return { code, json: out === "" ? null : JSON.parse(out), err: new TextDecoder().decode(stderr) };
      },
    });
  });
}
