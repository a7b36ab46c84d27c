import { join } from "node:path";
import { openCatalog } from "../../../lib/library/mod.ts";
import { footprint } from "../../helpers/repository/fixture_repository.ts";
import {
  inReleaseRepository,
  KILL_VARIABLE,
  type ReleaseRepository,
  type RunScriptOptions,
} from "../../helpers/repository/release_repository.ts";

/** Options of {@linkcode killRollbacks}. */
export interface KillRollbacksOptions {
  /** Kill at every n-th call of git only; 1 for all of them. */
  readonly every: number;
  /** Whether to kill also while the version is being verified. */
  readonly withPrograms: boolean;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** What the kills led to. */
export interface KillRollbacksFigures {
  /** Rollbacks that were killed by SIGKILL. */
  readonly kills: number;
  /** Kills after which a finished or restored state was not as expected. */
  readonly problems: readonly string[];
  /** Calls of git that could destroy work. */
  readonly forbidden: readonly string[];
  /** What `rollback status` said after each kill. */
  readonly statuses: readonly string[];
}

const MODES = ["install", "worktree"] as const;

/** Commands of the version that is being verified, at which the rollback is killed. */
const WORDS: Readonly<Record<(typeof MODES)[number], readonly string[]>> = {
  install: ["--version", "--help", "self-test", "list", "list"],
  worktree: ["list", "list"],
};

/** Kill rollbacks of each mode at their calls of git and of the version, then finish or take back each of them. */
export async function killRollbacks(options: KillRollbacksOptions): Promise<KillRollbacksFigures> {
  const { every, withPrograms, onProgress = () => {} } = options;
  const problems: string[] = [];
  const forbidden: string[] = [];
  const statuses: string[] = [];
  let kills = 0;
  await inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.0.9");
    await repository.release("v1.1.0");
    await repository.run("install", ["add", "v1.1.0"]);
    // With a patch, the version is always built.
    await repository.write("patches/emergency.patch", "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+mended\n");
    const library = join(repository.root, "..", "library");
    await Deno.mkdir(join(library, ".civitai-dl"), { recursive: true });
    openCatalog(join(library, ".civitai-dl", "catalog.db"))[Symbol.dispose]();
    const before = await stateOf(repository);
    const story = async (mode: string, label: string, kill: RunScriptOptions): Promise<boolean> => {
      const words = ["v1.0.0", "--mode", mode, "--library", library];
      const run = await repository.run("rollback", words, kill);
      forbidden.push(...await repository.listDangers());
      if (run.signal !== "SIGKILL") {
        if (run.code !== 0) problems.push(`${label}: ended with ${run.code}: ${run.err}`);
        await repository.run("rollback", ["undo"]);
        return false;
      }
      kills++;
      const status = await repository.run("rollback", ["status"]);
      statuses.push(status.out);
      const isSuspended = /was interrupted/.test(status.out);
      const next = kills % 2 === 0 && isSuspended ? "continue" : "undo";
      if (isSuspended) {
        const ended = await repository.run("rollback", [next]);
        if (ended.code !== 0) problems.push(`${label}: ${next} ended with ${ended.code}: ${ended.err}`);
        if (next === "continue") problems.push(...await problemsOfDone(repository, mode, label));
        if (next === "continue") await repository.run("rollback", ["undo"]);
      }
      // Temporary working trees of the killed process go with the next rollback.
      await repository.run("rollback", ["v1.0.0", "--dry-run"]);
      const after = await stateOf(repository);
      if (JSON.stringify(after) !== JSON.stringify(before)) {
        problems.push(`${label}: after ${next}: ${JSON.stringify(after)} instead of ${JSON.stringify(before)}`);
      }
      onProgress(`${label}: ${isSuspended ? next : "nothing had begun"}`);
      return true;
    };
    for (const mode of MODES) {
      for (let call = 1; call < 500; call += every) {
        if (!await story(mode, `${mode}, git call ${call}`, { killAtGit: call })) break;
      }
      if (!withPrograms) continue;
      for (const word of WORDS[mode]) await story(mode, `${mode}, at ${word}`, { env: { [KILL_VARIABLE]: word } });
    }
  });
  return { kills, problems, forbidden, statuses };
}

/** Everything that has to be as before; a version that was built may stay. */
async function stateOf(repository: ReleaseRepository): Promise<Readonly<Record<string, unknown>>> {
  const { index: _index, times: _times, ...rest } = await footprint(repository) as Record<string, unknown>;
  const trees = await Array.fromAsync(Deno.readDir(join(repository.prefix, "worktrees"))).catch(() => []);
  return {
    ...rest,
    pointer: await Deno.readLink(join(repository.prefix, "current")),
    trees: trees.map(({ name }) => name),
  };
}

async function problemsOfDone(repository: ReleaseRepository, mode: string, label: string): Promise<readonly string[]> {
  const { prefix } = repository;
  const found = mode === "install"
    ? await Deno.readLink(join(prefix, "current"))
    : await Deno.readTextFile(join(prefix, "worktrees", "v1.0.0", "a.txt")).catch(String);
  const isRight = mode === "install" ? found.startsWith("versions/1.0.0+emergency.") : found === "mended\n";
  return isRight ? [] : [`${label}: finished, but found ${found}`];
}
