import { fileURLToPath } from "node:url";
import { startProgram } from "../helpers/start_program.ts";

/** A command that was run, and all that it printed. */
export interface Told {
  readonly command: string;
  readonly code: number;
  readonly output: string;
}

/** Where a stranger works. */
export interface StrangerOptions {
  /** The working folder, with `civitai-dl.yml` and `logs/`. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the program may reach. */
  readonly origins: readonly string[];
}

/** Runs the command lines that the program prints, as they are printed, and remembers what they said. */
export class Stranger {
  readonly #options: StrangerOptions;
  readonly #env: Record<string, string>;
  readonly #told: Told[] = [];

  constructor(options: StrangerOptions) {
    this.#options = options;
    // The stranger has the program as installed: it names commands that this runs.
    this.#env = { CIVITAI_DL_COMMAND: "civitai-dl", ...options.env };
  }

  get told(): readonly Told[] {
    return this.#told;
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Run a line of a shell: the program itself, a variable, or a command of the system. */
  async run(command: string): Promise<Told> {
    const told = { command, ...await this.#execute(command) };
    this.#told.push(told);
    return told;
  }

  async #execute(command: string): Promise<Omit<Told, "command">> {
    const variable = /^export (\w+)=(\S+)$/.exec(command);
    if (variable !== null) {
      this.#env[variable[1]!] = variable[2]!;
      return { code: 0, output: "" };
    }
    const { folder, origins } = this.#options;
    if (command.startsWith("civitai-dl ")) {
      const args = command.split(" ").slice(1).map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
      const { code, stdout, stderr } = args[0] === "memory-test"
        ? await runByTask(args, { folder, env: this.#env })
        : await startProgram(args, { folder, env: this.#env, origins }).ended;
      return { code, output: stderr + stdout };
    }
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", command],
      cwd: folder,
      env: { ...this.#env, PATH: `${folder}/bin:${Deno.env.get("PATH")}` },
      stdin: "null",
    }).output();
    return { code, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  }

  /** Run a command that is not told, because it belongs to the test: it plants the trouble, or proves its end. */
  prepare(command: string): Promise<Omit<Told, "command">> {
    return this.#execute(command);
  }

  /** Start the program in the background. */
  start(command: string): ReturnType<typeof startProgram> {
    const { folder, origins } = this.#options;
    return startProgram(command.split(" ").slice(1), { folder, env: this.#env, origins });
  }

  /** Note what was printed without a process. */
  note(told: Told): void {
    this.#told.push(told);
  }
}

/** Run a command with the permissions of its task: those of `memory-test` are its own. */
async function runByTask(args: readonly string[], { folder, env }: Pick<StrangerOptions, "folder" | "env">) {
  const program = fileURLToPath(new URL("../../cli.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-P=memory", program, ...args],
    cwd: folder,
    env: { ...env, TMPDIR: folder },
    stdin: "null",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** How a check ended: `bad` tells a command to run next. */
export type Verdict = "ok" | "bad" | "skipped";

const VERDICTS: Readonly<Record<string, Verdict>> = {
  ok: "ok",
  正常: "ok",
  warn: "bad",
  警告: "bad",
  fail: "bad",
  異常: "bad",
  skipped: "skipped",
  対象外: "skipped",
};

/** The first line of a check: in Japanese, its name stands in parentheses after its title. */
const CHECK_LINE = new RegExp(`^(?:\\S.* \\()?(?<name>[a-z]+)\\)? +(?<word>${Object.keys(VERDICTS).join("|")}) `);

/**
 * Read how a check ended.
 *
 * @param line A line that `doctor` printed, in any language
 * @returns `null` if no check begins at the line
 */
export function checkOf(line: string): { readonly name: string; readonly verdict: Verdict } | null {
  const { name, word } = CHECK_LINE.exec(line)?.groups ?? {};
  return name === undefined || word === undefined ? null : { name, verdict: VERDICTS[word]! };
}

/**
 * Read how all checks ended.
 *
 * @param output What `doctor` printed, in any language
 */
export function verdictsOf(output: string): ReadonlyMap<string, Verdict> {
  return new Map(output.split("\n").map(checkOf).filter((one) => one !== null).map((one) => [one.name, one.verdict]));
}

/**
 * Read the commands that a text tells to run next, in their order.
 *
 * @param output What a command printed, in any language
 * @param check Only those below this check of `doctor`
 * @returns The command lines
 */
export function nextCommands(output: string, check?: string): readonly string[] {
  let isWanted = check === undefined;
  const found: string[] = [];
  for (const line of output.split("\n")) {
    const begun = checkOf(line);
    if (begun !== null && check !== undefined) isWanted = begun.name === check;
    const [, command] = /^\s*→ (.+)$/.exec(line) ?? [];
    if (isWanted && command !== undefined) found.push(command);
  }
  return found;
}
