import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeOnce } from "../helpers/repository/made_once.ts";
import { ScriptProcess } from "../helpers/script_process.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** The result of a command. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A small project with a repository of its own, for the real commands. */
export interface GateProject {
  readonly folder: string;
  /** Write a file and its folders. */
  write(path: string, text: string): Promise<void>;
  /** Run git; returns standard output. */
  git(...args: readonly string[]): Promise<string>;
  /** Commit everything; returns the new commit. */
  commit(): Promise<string>;
  /** Run scripts/gate.ts here, in one process for all runs but those with variables. */
  gate(...args: readonly string[]): Promise<Ended>;
  /** Run scripts/gate.ts here with additional variables. */
  gateWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended>;
  /** Run scripts/gate.ts in a folder of the project. */
  gateIn(folder: string, ...args: readonly string[]): Promise<Ended>;
  /** Start scripts/gate.ts here, with its temporary files in `tmp`. */
  start(...args: readonly string[]): Deno.ChildProcess;
  /** Run scripts/checks.ts here. */
  checks(...args: readonly string[]): Promise<Ended>;
}

const PHASES = `version: 1
sources: [src]
phases:
  - name: 1
    title: One
    conditions:
      - { id: format, title: Format, check: format, require: "= 0", quick: true }
      - { id: lint, title: Lint, check: lint, require: "= 0", quick: true, command: deno lint }
      - { id: types, title: Types, check: types, require: "= 0", quick: true }
      - { id: tests, title: Tests, check: tests, require: "= 0", quick: true }
      - { id: coverage, title: Coverage, check: coverage, with: { roots: [src] }, require: ">= 85%", quick: true }
      - { id: untested, title: Untested, check: untested, with: { roots: [src] }, require: "= 0" }
  - name: 2
    title: Two
    conditions:
      - id: day
        title: A day
        evidence: { schema: test/soak, minDuration: 24h, maxAge: 14d }
        claims: ["*"]
        command: make day
`;

/** The content of the intact project. */
const FILES: Readonly<Record<string, string>> = {
  "deno.json": '{ "test": { "include": ["tests"] }, "fmt": { "exclude": ["config", "tmp", "deno.json"] } }\n',
  "config/phases.yml": PHASES,
  "src/half.ts": "/** Half of it. */\nexport function half(n: number): number {\n  return n / 2;\n}\n",
  "tests/half_test.ts":
    'import { half } from "../src/half.ts";\n\nDeno.test("half", () => {\n  if (half(4) !== 2) throw new Error("no half");\n});\n',
};

/** Run a story in a fresh project. */
export function inGateProject(story: (project: GateProject) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using processes = new AsyncDisposableStack();
    const project = makeProject(folder, processes);
    await makeOnce("gate project", folder, async () => {
      for (const [path, text] of Object.entries(FILES)) await project.write(path, text);
      await project.git("init", "-q", "-b", "main");
      await project.commit();
    });
    await story(project);
  });
}

function makeProject(folder: string, processes: AsyncDisposableStack): GateProject {
  const started = new Map<string, ScriptProcess>();
  const run = async (
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    cwd = folder,
  ): Promise<Ended> => {
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      cwd,
      env: { ...ENV, ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, out: out!, err: err! };
  };
  const git = async (...args: readonly string[]) => (await run("git", args)).out.trim();
  const script = (name: string) => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));
  const words = ["run", "-q", "--no-prompt", "-A"];
  const start = (name: string, args: readonly string[], cwd = folder): Promise<Ended> => {
    let process = started.get(name);
    if (process === undefined) {
      process = processes.use(new ScriptProcess(script(name), { words, cwd: folder, env: ENV }));
      started.set(name, process);
    }
    return process.run({ args, cwd });
  };
  return {
    folder,
    git,
    gate: (...args) => start("gate.ts", args),
    gateWith: (env, ...args) => run(Deno.execPath(), [...words, script("gate.ts"), ...args], env),
    gateIn: (inner, ...args) => start("gate.ts", args, join(folder, inner)),
    start: (...args) =>
      new Deno.Command(Deno.execPath(), {
        args: [...words, script("gate.ts"), ...args],
        cwd: folder,
        env: { NO_COLOR: "1", GITHUB_STEP_SUMMARY: "", TMPDIR: join(folder, "tmp") },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn(),
    checks: (...args) => start("checks.ts", args),
    async write(path, text) {
      await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    },
    async commit() {
      await git("add", "-A");
      await git("commit", "-q", "--allow-empty", "-m", "state");
      return await git("rev-parse", "HEAD");
    },
  };
}

const ENV = {
  NO_COLOR: "1",
  GITHUB_STEP_SUMMARY: "",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.org",
};
