import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "../../../../lib/cli/mod.ts";
import { listWorktrees, OperationStore } from "../../../../lib/git/mod.ts";
import { command as branch } from "../../../../scripts/branch.ts";
import { command as install } from "../../../../scripts/install.ts";
import { command as release } from "../../../../scripts/release.ts";
import { command as rollback } from "../../../../scripts/rollback.ts";
import type { Called } from "../../../helpers/call.ts";
import { callCommand } from "../../../helpers/call_command.ts";
import { KILL_VARIABLE } from "../../../helpers/repository/release_repository.ts";
import { gitIn, refsOf } from "../../../helpers/repository/shared_repository.ts";
import type { LifeProject } from "./life_project.ts";
import { CommitReader, describeState } from "./read_refs.ts";
import { beginModel, commitOn, type ModelState } from "./strategy_model.ts";

const COMMANDS: Readonly<Record<string, Command>> = { branch, install, release, rollback };

/** Change of the model that a command stands for. */
export type ModelChange = (state: ModelState) => ModelState;

/** One command of a life that changes branches or tags. */
export interface Operation {
  /** The command line, such as `branch create-phase 1`. */
  readonly line: string;
  /** What clone and remote should be after it. */
  readonly after: ModelState;
  /** Run it in this process, with all that it waits for; returns when it has ended. */
  readonly run: () => Promise<void>;
  /** Compare clone and remote with what the model expects before or after it. */
  readonly expect: (when: "before" | "after") => Promise<void>;
}

/** Options of {@linkcode Life}. */
export interface LifeOptions {
  /** Called instead of running an operation once; it must leave the state after it. */
  readonly onOperation?: ((operation: Operation) => Promise<void>) | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Plays commands in a project, and compares its branches and tags with the model after each of them. */
export class Life {
  readonly project: LifeProject;
  readonly #options: LifeOptions;
  readonly #reader = new CommitReader();
  /** Command lines that were run, with what follows the command's own words left out. */
  readonly lines: string[] = [];
  /** What clone and remote should be. */
  model: ModelState;

  constructor(project: LifeProject, options: LifeOptions = {}) {
    this.project = project;
    this.#options = options;
    const first = {
      subject: "chore: v1.0.3",
      parents: [],
      files: { "deno.json": "1.0.3", "work/begin.json": "{}\n" },
    };
    this.model = beginModel(first, "v1.0.3");
  }

  /** Run a command line as a person would type it, wherever it leads. A word may have spaces if it is given apart. */
  async call(line: string, ...more: readonly string[]): Promise<Called> {
    this.lines.push(line);
    this.#options.onProgress?.(line);
    const [name = "", ...words] = line.split(" ");
    const place = ["--repo", this.project.root];
    const prefix = name === "rollback" || name === "install" ? ["--prefix", this.project.prefix] : [];
    return await callCommand(COMMANDS[name]!, [...words, ...more, ...place, ...prefix]);
  }

  /** Run a command that changes branches or tags as the model says. Conflicts are resolved and then continued. */
  async does(line: string, change: ModelChange): Promise<void> {
    const before = this.model;
    const after = change(before);
    const operation: Operation = {
      line,
      after,
      run: async () => await this.settles(line, await this.call(line)),
      expect: (when) => this.expects(when === "before" ? before : after, `${when} ${line}`),
    };
    await (this.#options.onOperation?.(operation) ?? operation.run());
    this.model = after;
    await this.expects(after, `after ${line}`);
  }

  /** Take the last command back. */
  async undoes(before: ModelState): Promise<void> {
    const { code, err } = await this.call("branch undo");
    assertEquals(code, 0, err);
    this.model = before;
    await this.expects(before, "after branch undo");
  }

  /** Start a rollback in a process of its own, which is killed when it runs a command of the version. */
  async isKilled(line: string, at: string): Promise<void> {
    const [name, ...words] = line.split(" ");
    const { root, prefix } = this.project;
    const script = fileURLToPath(new URL(`../../../../scripts/${name}.ts`, import.meta.url));
    const { signal, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-P=rollback", script, ...words, "--repo", root, "--prefix", prefix],
      env: { [KILL_VARIABLE]: at },
      stdin: "null",
    }).output();
    assertEquals(signal, "SIGKILL", new TextDecoder().decode(stderr));
    this.lines.push(line);
  }

  /** Run a command that only shows something. */
  async shows(line: string, says: string, code = 0): Promise<Called> {
    const called = await this.call(line);
    assertEquals([line, called.code], [line, code], called.err);
    assertStringIncludes(called.out, says);
    await this.expects(this.model, `after ${line}`);
    return called;
  }

  /** Run a command that fails; not one branch or tag may change. Conflicts are resolved on the way. */
  async refuses(line: string, code: number, says: string): Promise<void> {
    const { root, remote } = this.project;
    const before = [await refsOf(root), await refsOf(remote)];
    const called = await this.#resolve(await this.call(line));
    assertEquals([line, called.code], [line, code], called.err);
    assertStringIncludes(called.err, says);
    assertEquals([await refsOf(root), await refsOf(remote)], before);
  }

  /** Switch to a branch and commit to it, as its user does. */
  async works(name: string, files: Readonly<Record<string, string>>, subject: string): Promise<void> {
    await this.switchesTo(name);
    for (const [path, text] of Object.entries(files)) await this.project.write(path, text);
    await this.project.commit(subject);
    const known = Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith("work/")));
    this.moves(name, (state) => commitOn(state.here[name]!, subject, known));
    await this.expects(this.model, subject);
  }

  /** Switch to a branch that may be on the remote only, and bring it up to date if it is behind. */
  async switchesTo(name: string): Promise<void> {
    const { git } = this.project;
    await git("fetch", "-q");
    await git("switch", "-q", name);
    this.model = {
      ...this.model,
      head: name,
      here: { ...this.model.here, [name]: this.model.here[name] ?? this.model.there[name]! },
    };
    if (!(name in this.model.there)) return;
    const isBehind = (await git("rev-list", "--count", `${name}..origin/${name}`)).trim() !== "0";
    if (!isBehind) return;
    await git("merge", "-q", "--ff-only", `origin/${name}`);
    this.moves(name, (state) => state.there[name]!);
  }

  /** Push a branch, as its user does. */
  async pushes(name: string): Promise<void> {
    await this.project.git("push", "-q", "origin", name);
    this.model = { ...this.model, there: { ...this.model.there, [name]: this.model.here[name]! } };
  }

  /** Move a branch of the model that its user has moved. */
  moves(name: string, commit: (state: ModelState) => ModelState["here"][string]): void {
    this.model = { ...this.model, here: { ...this.model.here, [name]: commit(this.model) } };
  }

  /** Compare clone and remote with a state of the model; nothing else may be left over. */
  async expects(state: ModelState, when: string): Promise<void> {
    const { root, remote, prefix } = this.project;
    assertEquals(describeState(await this.#reader.readState(root, remote)), describeState(state), when);
    const repository = { root, commonFolder: join(root, ".git") };
    assertEquals(await new OperationStore(repository).readCurrent(), null, when);
    const [changes, trees] = await Promise.all([gitIn(root, "status", "--porcelain"), listWorktrees(repository)]);
    assertEquals(changes, "", when);
    // A rollback may have a tree of its own.
    assertEquals(trees.filter(({ path }) => !path.startsWith(prefix)).length, 1, when);
  }

  /** Bring a command to its end, and require that it succeeds. */
  async settles(line: string, called: Called): Promise<void> {
    const last = await this.#resolve(called);
    assertEquals([line, last.code], [line, 0], last.err);
  }

  /** Whenever a merge has conflicts, keep both sides and continue; returns the last result. */
  async #resolve(called: Called): Promise<Called> {
    let last = called;
    for (let round = 0; last.code === 4 && round < 3; round++) {
      const folder = /Edit those files in (.*), run git add/.exec(last.err)?.[1];
      if (folder === undefined) break;
      await keepBothSides(folder);
      last = await this.call("branch continue");
    }
    return last;
  }
}

/** Resolve all conflicts of a tree: every line of both sides stays. */
async function keepBothSides(folder: string): Promise<void> {
  const paths = (await gitIn(folder, "diff", "--name-only", "--diff-filter=U", "-z")).split("\0").filter(Boolean);
  assert(paths.length > 0);
  for (const path of paths) {
    const text = await Deno.readTextFile(join(folder, path));
    await Deno.writeTextFile(join(folder, path), text.replaceAll(/^(<{7}|={7}|>{7}).*\n/gm, ""));
    await gitIn(folder, "add", path);
  }
}
