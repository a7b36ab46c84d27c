import { join } from "node:path";
import { inTempDir } from "../temp_dir.ts";
import { makeOnce } from "./made_once.ts";

/** A repository for one test. */
export interface FixtureRepository {
  readonly root: string;
  /** Folder for temporary trees. */
  readonly registry: string;
  /** Run git in it like its user. */
  readonly git: (...args: readonly string[]) => Promise<string>;
  /** Write a file below the root. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** Commit everything. */
  readonly commit: (message: string) => Promise<string>;
}

/** Create a repository with one commit, in a folder with a space and Japanese in its name. */
export function inRepository(use: (repository: FixtureRepository) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const root = join(folder, "my 倉庫");
    const git = async (...args: readonly string[]) => {
      const who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
      const { code, stdout, stderr } = await new Deno.Command("git", { args: [...who, ...args], cwd: root }).output();
      const text = new TextDecoder();
      if (code !== 0) throw new Error(`git ${args.join(" ")}: ${text.decode(stderr)}`);
      return text.decode(stdout);
    };
    const write = async (path: string, text: string) => {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    };
    const commit = async (message: string) => {
      await git("add", "-A");
      await git("commit", "-q", "-m", message);
      return (await git("rev-parse", "HEAD")).trim();
    };
    await makeOnce("repository", folder, async () => {
      await Deno.mkdir(root);
      await git("init", "-q", "-b", "main");
      await write("a.txt", "one\n");
      await commit("one");
    });
    await use({ root, registry: join(folder, "registry"), git, write, commit });
  });
}

/** Everything that must not change during a read-only operation. */
export async function footprint({ root, git }: FixtureRepository): Promise<unknown> {
  const index = new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(join(root, ".git/index"))));
  const times: Record<string, number> = {};
  for (const name of [".git/HEAD", ".git/index", ".git/config"]) {
    times[name] = (await Deno.stat(join(root, name))).mtime!.getTime();
  }
  for await (const entry of Deno.readDir(root)) {
    if (entry.name !== ".git") times[entry.name] = (await Deno.stat(join(root, entry.name))).mtime!.getTime();
  }
  return {
    index: index.toHex(),
    times,
    status: await git("--no-optional-locks", "status", "--porcelain=v2", "--branch"),
    stash: await git("stash", "list"),
    head: await git("rev-parse", "HEAD"),
    worktrees: await git("worktree", "list", "--porcelain"),
    refs: await git("for-each-ref"),
  };
}

/** Create a state as users leave it: staged, changed, untracked and stashed files, and a missing working tree. */
export async function makeMess(repository: FixtureRepository): Promise<void> {
  const { root, git, write } = repository;
  await write("a.txt", "stashed\n");
  await git("stash", "-q");
  await git("worktree", "add", "-q", "--detach", join(root, "..", "theirs"));
  await Deno.rename(join(root, "..", "theirs"), join(root, "..", "theirs-on-a-stick"));
  await write("staged.txt", "staged\n");
  await git("add", "staged.txt");
  await write("a.txt", "changed\n");
  await write("untracked 資料.txt", "new\n");
}
