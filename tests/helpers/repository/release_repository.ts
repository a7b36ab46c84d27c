import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CATALOG_VERSION } from "../../../lib/library/mod.ts";
import { type FixtureRepository, inRepository } from "./fixture_repository.ts";
import { nameDanger } from "./name_danger.ts";
import { ScriptProcess, type ScriptRun } from "../script_process.ts";
import { writeWatchedGit } from "./watched_git.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** How the program of a tag behaves. */
export interface TaggedProgram {
  /** The version that `--version` prints; that of the tag by default. */
  readonly says?: string;
  /** Exit code of its self-test. */
  readonly selfTest?: number;
  /** Version of its catalogs. */
  readonly catalog?: number;
}

/** A repository of a small program with tags, its installation, and ways to run this project's commands on it. */
export interface ReleaseRepository extends FixtureRepository {
  /** Folder of installed versions. */
  readonly prefix: string;
  /** Commit the program as a version, and tag it. Returns the commit. */
  readonly release: (tag: string, program?: TaggedProgram) => Promise<string>;
  /**
   * Run a script of this project in the repository, in a process with its own permissions. One that is not killed shares
   * it with the runs before it.
   */
  readonly run: (script: string, args: readonly string[], options?: RunScriptOptions) => Promise<ScriptRun>;
  /** Number of calls of git in the last {@linkcode run}. */
  readonly countGitCalls: () => Promise<number>;
  /** Calls of git in the last {@linkcode run} that could destroy work, each with the reason. */
  readonly listDangers: () => Promise<readonly string[]>;
}

/** Options of {@linkcode ReleaseRepository.run}. */
export interface RunScriptOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Kill the process by SIGKILL when it calls git for this time, counted from 1. */
  readonly killAtGit?: number;
  readonly cwd?: string;
}

/** Names the command at which the program of a tag kills the process that started it. */
export const KILL_VARIABLE = "FIXTURE_KILL_PARENT_AT";

/**
 * The text of the program of a tag: it answers what a rollback asks. Where a command has to do real work, tests use the
 * real program.
 */
export function programText({ says, selfTest = 0 }: TaggedProgram & { readonly says: string }): string {
  return `const [word = ""] = Deno.args;
if (Deno.env.get("${KILL_VARIABLE}") === word) {
  Deno.kill(Deno.ppid, "SIGKILL");
  Deno.exit(9);
}
if (word === "--version") console.log("civitai-dl ${says}");
if (word === "--help") console.log("  self-test  Prove that it works\\n  list       Show the catalog");
if (word === "self-test") {
  console.log("self-test of ${says}");
  Deno.exit(${selfTest});
}
if (word === "list") console.log("1 file");
`;
}

/** Create such a repository in a folder with a space and Japanese in its name. */
export function inReleaseRepository(use: (repository: ReleaseRepository) => Promise<void>): Promise<void> {
  return inRepository(async (repository) => {
    const { root, git, write, commit } = repository;
    const outside = join(root, "..");
    const prefix = join(outside, "installed 版");
    const home = join(outside, "home");
    const temporary = join(outside, "tmp");
    for (const folder of [home, temporary]) await Deno.mkdir(folder);
    const watched = await writeWatchedGit(join(outside, "bin"));
    await Deno.writeTextFile(
      join(home, ".gitconfig"),
      "[user]\n\tname = T\n\temail = t@example.org\n[maintenance]\n\tauto = false\n",
    );
    const own = { HOME: home, TMPDIR: temporary, DENO_DIR: await denoDir() };
    const wordsOf = (script: string): readonly string[] => {
      const set = script.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      return ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), `-P=${set}`];
    };
    await using processes = new AsyncDisposableStack();
    const started = new Map<string, ScriptProcess>();
    const processOf = (script: string): ScriptProcess => {
      let process = started.get(script);
      if (process === undefined) {
        process = new ScriptProcess(pathOf(script), {
          words: wordsOf(script),
          cwd: root,
          env: { ...own, ...watched.env },
        });
        started.set(script, processes.use(process));
      }
      return process;
    };
    await use({
      ...repository,
      prefix,
      async release(tag, program = {}) {
        const version = tag.slice(1);
        const tasks = { bundle: "mkdir -p dist && cp cli.ts dist/civitai-dl.js" };
        await write("deno.json", JSON.stringify({ version, tasks }));
        await write("cli.ts", programText({ ...program, says: program.says ?? version }));
        const catalog = `export const CATALOG_VERSION = ${program.catalog ?? CATALOG_VERSION};\n`;
        await write("lib/library/catalog/catalog_version.ts", catalog);
        const sha = await commit(`chore: ${version}`);
        await git("tag", "-a", tag, "-m", tag);
        return sha;
      },
      async run(script, args, options = {}) {
        const { env, killAtGit, cwd = root } = options;
        await watched.reset();
        const complete = [...args, "--prefix", prefix];
        if (killAtGit === undefined && env === undefined) return await processOf(script).run({ args: complete, cwd });
        const output = await new Deno.Command(Deno.execPath(), {
          args: [...wordsOf(script), pathOf(script), ...complete],
          cwd,
          env: {
            ...own,
            ...killAtGit === undefined ? watched.env : watched.envAt(killAtGit, "before"),
            ...env,
          },
          stdin: "null",
        }).output();
        const text = new TextDecoder();
        return {
          code: output.code,
          signal: output.signal,
          out: text.decode(output.stdout),
          err: text.decode(output.stderr),
        };
      },
      countGitCalls: async () => (await watched.calls()).length,
      async listDangers() {
        return (await watched.calls()).flatMap((call) => {
          const danger = nameDanger(call, root);
          return danger === null ? [] : [`${danger}: git ${call.args.join(" ")}`];
        });
      },
    });
  });
}

function pathOf(script: string): string {
  return join(ROOT, `scripts/${script}.ts`);
}

let knownDenoDir: string | undefined;

/** The cache of Deno, which does not follow a changed HOME. */
async function denoDir(): Promise<string> {
  if (knownDenoDir === undefined) {
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
    knownDenoDir = JSON.parse(new TextDecoder().decode(stdout)).denoDir as string;
  }
  return knownDenoDir;
}
