import { join } from "node:path";
import { inTempDir } from "../temp_dir.ts";
import { makeOnce } from "./made_once.ts";

/** A clone for one test, its bare remote, and the clone of somebody else. */
export interface SharedRepository {
  readonly root: string;
  /** Folder of the bare remote. */
  readonly remote: string;
  /** Folder for temporary trees. */
  readonly registry: string;
  /** Run git in the clone like its user; throws with the error output if git fails. */
  readonly git: (...args: readonly string[]) => Promise<string>;
  /** Run git in the remote. */
  readonly atRemote: (...args: readonly string[]) => Promise<string>;
  /** Write a file in the clone. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** Commit everything in the clone; returns the hash. */
  readonly commit: (message: string) => Promise<string>;
  /** Commit a file to a branch as somebody else, who pushes it at once; returns the hash. */
  readonly pushAsColleague: (branch: string, path: string, text?: string) => Promise<string>;
}

/** Settings by which calls of git that a test makes for a person are told from those of the program. */
export const AS_PERSON: readonly string[] = ["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"];

/** Run git in a folder; throws with the error output if it fails. */
export async function gitIn(cwd: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("git", {
    args: [...AS_PERSON, ...args],
    cwd,
    env: { GIT_TERMINAL_PROMPT: "0" },
  }).output();
  const text = new TextDecoder();
  if (code !== 0) throw new Error(`git ${args.join(" ")}: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

/** Set who commits in a clone. */
export async function introduce(cwd: string, name: string): Promise<void> {
  await gitIn(cwd, "config", "user.name", name);
  await gitIn(cwd, "config", "user.email", `${name}@example.org`);
}

/** What a repository has besides, each time that it is created. */
export interface SharedProject {
  /** Tells it from other projects. */
  readonly name: string;
  readonly add: (repository: SharedRepository) => Promise<void>;
}

/**
 * Create a bare remote with a `main` of one commit, tagged v1.0.3, and a clone of it in a folder with a space and
 * Japanese in its name.
 */
export function inSharedRepository(
  use: (repository: SharedRepository) => Promise<void>,
  project?: SharedProject,
): Promise<void> {
  return inTempDir(async (folder) => {
    const remote = join(folder, "origin.git");
    const root = join(folder, "my 倉庫");
    const colleague = join(folder, "colleague");
    const git = (...args: readonly string[]) => gitIn(root, ...args);
    const write = async (path: string, text: string) => {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    };
    const commit = async (message: string) => {
      await git("add", "-A");
      await git("commit", "-q", "-m", message);
      return (await git("rev-parse", "HEAD")).trim();
    };
    const pushAsColleague = async (branch: string, path: string, text = "theirs\n") => {
      if (!await Deno.stat(colleague).then(() => true, () => false)) {
        await gitIn(folder, "clone", "-q", remote, colleague);
        await introduce(colleague, "colleague");
      }
      await gitIn(colleague, "fetch", "-q", "origin");
      await gitIn(colleague, "switch", "-q", "--detach", `origin/${branch}`);
      await Deno.writeTextFile(join(colleague, path), text);
      await gitIn(colleague, "add", "-A");
      await gitIn(colleague, "commit", "-q", "-m", `change ${path}`);
      await gitIn(colleague, "push", "-q", "origin", `HEAD:refs/heads/${branch}`);
      return (await gitIn(colleague, "rev-parse", "HEAD")).trim();
    };
    const atRemote = (...args: readonly string[]) => gitIn(remote, ...args);
    const registry = join(folder, "registry");
    const shared = { root, remote, registry, git, atRemote, write, commit, pushAsColleague };
    await makeOnce(project?.name ?? "shared", folder, async () => {
      await gitIn(folder, "init", "-q", "--bare", "-b", "main", remote);
      await gitIn(folder, "clone", "-q", remote, root);
      await introduce(root, "tester");
      await git("switch", "-q", "-c", "main");
      await write("a.txt", "one\n");
      await commit("one");
      await git("tag", "-a", "v1.0.3", "-m", "v1.0.3");
      await git("push", "-q", "-u", "origin", "main", "v1.0.3");
      await project?.add(shared);
    });
    await use(shared);
  });
}

/** The branches and tags of a repository with their hashes, and HEAD. What a fetch may change is left out. */
export async function refsOf(cwd: string): Promise<Readonly<Record<string, string>>> {
  const format = "--format=%(refname) %(objectname)";
  const lines = (await gitIn(cwd, "for-each-ref", format, "refs/heads", "refs/tags", "refs/stash")).trim().split("\n");
  const head = (await gitIn(cwd, "rev-parse", "--symbolic-full-name", "HEAD")).trim();
  return { ...Object.fromEntries(lines.filter(Boolean).map((line) => line.split(" "))), HEAD: head };
}
