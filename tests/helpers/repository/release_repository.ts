import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FixtureRepository, inRepository } from "./fixture_repository.ts";

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
  /** Run a script of this project in the repository, as a process with its own permissions. */
  readonly run: (script: string, args: readonly string[], options?: RunScriptOptions) => Promise<ScriptRun>;
  /** Make every git that is run by {@linkcode run} fail on words that could destroy work, and log all of them. */
  readonly gitLog: () => Promise<readonly string[]>;
}

/** Options of {@linkcode ReleaseRepository.run}. */
export interface RunScriptOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Kill the process by SIGKILL when it calls git for this time, counted from 1. */
  readonly killAtGit?: number;
  readonly cwd?: string;
}

/** The result of a script. */
export interface ScriptRun {
  readonly code: number;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** Names the command line at which the program of a tag kills the process that started it. */
export const KILL_VARIABLE = "FIXTURE_KILL_PARENT_AT";

/**
 * The program of a tag: it answers what a rollback asks. Where a command has to do real work, tests use the real
 * program.
 */
function programText({ says, selfTest = 0 }: TaggedProgram & { readonly says: string }): string {
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

/** Words that could destroy somebody's work; a rollback needs none of them. */
const FORBIDDEN = `
case " $* " in
  *" --force "*|*" -f "*|*" reset "*|*" clean "*|*" push "*|*" checkout "*|*" stash "*|*" worktree prune "*|*" gc "*)
    echo "forbidden: git $*" >&2; echo "FORBIDDEN $*" >> "$FIXTURE_GIT_LOG"; exit 97;;
esac
`;

/** Stands before git in PATH: logs each call, refuses forbidden words, and kills its caller at the wanted call. */
const SHIM = `#!/bin/sh
echo "$*" >> "$FIXTURE_GIT_LOG"
${FORBIDDEN}
if [ -n "$FIXTURE_KILL_AT" ] && [ "$(wc -l < "$FIXTURE_GIT_LOG")" -eq "$FIXTURE_KILL_AT" ]; then
  kill -9 "$PPID"; exit 137
fi
exec "$FIXTURE_GIT" "$@"
`;

/** Create such a repository in a folder with a space and Japanese in its name. */
export function inReleaseRepository(use: (repository: ReleaseRepository) => Promise<void>): Promise<void> {
  return inRepository(async (repository) => {
    const { root, git, write, commit } = repository;
    const outside = join(root, "..");
    const prefix = join(outside, "installed 版");
    const log = join(outside, "git.log");
    const home = join(outside, "home");
    const shims = join(outside, "bin");
    const temporary = join(outside, "tmp");
    for (const folder of [home, shims, temporary]) await Deno.mkdir(folder);
    await Deno.writeTextFile(join(shims, "git"), SHIM, { mode: 0o755 });
    await Deno.writeTextFile(join(home, ".gitconfig"), "[user]\n\tname = T\n\temail = t@example.org\n");
    const realGit = (await Deno.realPath("/usr/bin/git").catch(() => "git")).toString();
    await use({
      ...repository,
      prefix,
      async release(tag, program = {}) {
        const version = tag.slice(1);
        const tasks = { bundle: "mkdir -p dist && cp cli.ts dist/civitai-dl.js" };
        await write("deno.json", JSON.stringify({ version, tasks }));
        await write("cli.ts", programText({ ...program, says: program.says ?? version }));
        const catalog = `export const CATALOG_VERSION = ${program.catalog ?? 3};\n`;
        await write("lib/library/catalog/catalog_version.ts", catalog);
        const sha = await commit(`chore: ${version}`);
        await git("tag", "-a", tag, "-m", tag);
        return sha;
      },
      async run(script, args, options = {}) {
        const { env = {}, killAtGit, cwd = root } = options;
        await Deno.writeTextFile(log, "");
        const set = script.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
        const words = ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), `-P=${set}`];
        const output = await new Deno.Command(Deno.execPath(), {
          args: [...words, join(ROOT, `scripts/${script}.ts`), ...args, "--prefix", prefix],
          cwd,
          env: {
            HOME: home,
            TMPDIR: temporary,
            PATH: `${shims}:${Deno.env.get("PATH")}`,
            DENO_DIR: await denoDir(),
            FIXTURE_GIT: realGit,
            FIXTURE_GIT_LOG: log,
            FIXTURE_KILL_AT: killAtGit === undefined ? "" : String(killAtGit),
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
      async gitLog() {
        return (await Deno.readTextFile(log)).split("\n").filter((line) => line !== "");
      },
    });
  });
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
