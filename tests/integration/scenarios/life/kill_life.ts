import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRepository, OperationStore } from "../../../../lib/git/mod.ts";
import { type KillMoment, type WatchedGit, writeWatchedGit } from "../../../helpers/repository/watched_git.ts";
import { Life, type Operation } from "./life.ts";
import { createLifeProject } from "./life_project.ts";
import { type LifeLength, playLife } from "./play_life.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** How an operation that was killed is brought to an end. */
const ENDS = ["continue", "undo", "killed continue", "killed undo"] as const;

/** Options of {@linkcode killLife}. */
export interface KillLifeOptions {
  readonly folder: string;
  readonly length: LifeLength;
  /** Kill in every n-th operation, at every n-th of its moments. */
  readonly every: number;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** What the kills led to. */
export interface KillLifeFigures {
  /** Operations on branches and tags in the life. */
  operations: number;
  /** Processes that were killed by SIGKILL. */
  kills: number;
  /** Ends after a kill, by {@linkcode ENDS}. */
  readonly ends: Record<string, number>;
  /** Whatever was not as expected. */
  readonly problems: string[];
}

/** A moment of an operation: before the first call of git of a step, or after the last one. */
interface Moment {
  /** Complete steps in the journal. */
  readonly at: number;
  /** Number of the call of git, counted from 1. */
  readonly call: number;
  readonly moment: KillMoment;
}

/**
 * Play a life in which processes are killed by SIGKILL before and after each step of each operation. Each time, `status`
 * has to name the step, and `continue` or `undo` has to lead to the branches and tags that the model expects.
 */
export async function killLife(options: KillLifeOptions): Promise<KillLifeFigures> {
  const { folder, length, every, onProgress = () => {} } = options;
  const project = await createLifeProject(folder, "plain");
  const watched = await writeWatchedGit(join(folder, "watched"));
  const figures: KillLifeFigures = { operations: 0, kills: 0, ends: {}, problems: [] };
  const life: Life = new Life(project, {
    async onOperation(operation) {
      // A rollback has a journal of its own; tests/acceptance/rollback_kills.ts kills it at each call of git.
      const isOurs = !operation.line.startsWith("rollback");
      if (isOurs && figures.operations++ % every === 0) {
        await new Killer({ life, folder, watched, figures, every, onProgress }).kill(operation);
      }
      await operation.run();
    },
  });
  await playLife(life, length);
  return figures;
}

interface KillerOptions {
  readonly life: Life;
  readonly folder: string;
  readonly watched: WatchedGit;
  readonly figures: KillLifeFigures;
  readonly every: number;
  readonly onProgress: (text: string) => void;
}

/** Kills one operation after the other, and leaves the state before them. */
class Killer {
  readonly #options: KillerOptions;

  constructor(options: KillerOptions) {
    this.#options = options;
  }

  async kill(operation: Operation): Promise<void> {
    const { figures, every } = this.#options;
    const moments = await this.#listMoments(operation);
    await this.#keepCopy();
    for (const [index, moment] of moments.entries()) {
      if ((index + figures.operations) % every !== 0) continue;
      const end = ENDS[figures.kills % ENDS.length]!;
      const label = `${operation.line}, ${moment.moment} step ${moment.at}, then ${end}`;
      try {
        await this.#killAt(operation, moment, end);
        figures.ends[end] = (figures.ends[end] ?? 0) + 1;
        this.#options.onProgress(`${figures.kills} kills: ${label}`);
      } catch (error) {
        figures.problems.push(`${label}: ${error instanceof Error ? error.message : error}`);
        this.#options.onProgress(`PROBLEM: ${figures.problems.at(-1)}`);
        await this.#putBack();
      }
    }
  }

  /** Run the operation in a process of its own, and list the calls of git at which its steps begin and end. */
  async #listMoments(operation: Operation): Promise<readonly Moment[]> {
    const { life, watched } = this.#options;
    await watched.reset();
    const { pid, ...called } = await this.#start(operation.line, watched.env);
    const calls = (await watched.calls()).map((call, index) => ({ ...call, number: index + 1 }));
    const own = calls.filter(({ parent, at }) => parent === pid && at !== null);
    await life.settles(operation.line, called);
    await operation.expect("after");
    await this.#undo();
    await operation.expect("before");
    return [...new Set(own.map(({ at }) => at!))].flatMap((at): readonly Moment[] => [
      { at, call: own.find((call) => call.at === at)!.number, moment: "before" },
      { at, call: own.findLast((call) => call.at === at)!.number, moment: "after" },
    ]);
  }

  async #killAt(operation: Operation, { at, call, moment }: Moment, end: (typeof ENDS)[number]): Promise<void> {
    const { life, watched, figures } = this.#options;
    await watched.reset();
    const killed = await this.#start(operation.line, watched.envAt(call, moment));
    assertEquals(killed.signal, "SIGKILL", killed.err);
    figures.kills++;
    await this.#expectStatus(operation, at);
    if (end === "killed continue" || end === "killed undo") {
      await watched.reset();
      const word = end.slice("killed ".length);
      const second = await this.#start(`branch ${word}`, watched.envAt(3 + figures.kills * 7 % 30, moment));
      if (second.signal === "SIGKILL") figures.kills++;
    }
    if (end === "continue" || end === "killed continue") {
      if (await this.#isUnderWay()) await life.settles(operation.line, await life.call("branch continue"));
    } else {
      if (await this.#isUnderWay()) await this.#undo();
      await operation.expect("before");
      await operation.run();
    }
    await operation.expect("after");
    await this.#undo();
    await operation.expect("before");
  }

  /** `status` has to name the command, the step and the way on. */
  async #expectStatus({ line }: Operation, at: number): Promise<void> {
    const { life } = this.#options;
    const { operation, next } = JSON.parse((await life.call("branch status --json --offline")).out);
    assertEquals([line.startsWith(operation?.command), operation?.at], [true, at]);
    assertEquals(next[0].command, "civitai-dl branch continue");
    if (this.#options.figures.kills % ENDS.length !== 0) return;
    const { out } = await life.call("branch status");
    assertStringIncludes(out, `Not ended: ${operation.command}, ${at} of ${operation.steps.length} steps`);
  }

  async #isUnderWay(): Promise<boolean> {
    const repository = await openRepository(this.#options.life.project.root);
    return await new OperationStore(repository).readCurrent() !== null;
  }

  async #undo(): Promise<void> {
    const undone = await this.#options.life.call("branch undo");
    assertEquals(undone.code, 0, undone.err);
  }

  async #start(line: string, env: Readonly<Record<string, string>>) {
    const { root } = this.#options.life.project;
    const [name, ...words] = line.split(" ");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "--no-prompt", "-A", "--config", join(ROOT, "deno.json")],
        ...[join(ROOT, `scripts/${name}.ts`), ...words, "--repo", root],
      ],
      env: { ...env, WATCHED_JOURNAL: join(root, ".git/civitai-dl/operation.json") },
      cwd: root,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const { code, signal, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    return { pid: child.pid, code, signal, out: text.decode(stdout), err: text.decode(stderr) };
  }

  async #keepCopy(): Promise<void> {
    await this.#copy(this.#options.folder, join(this.#options.folder, "copy"));
  }

  async #putBack(): Promise<void> {
    await this.#copy(join(this.#options.folder, "copy"), this.#options.folder);
  }

  async #copy(from: string, to: string): Promise<void> {
    for (const name of ["my 倉庫", "origin.git"]) {
      await Deno.mkdir(to, { recursive: true });
      await Deno.remove(join(to, name), { recursive: true }).catch(() => {});
      const { success } = await new Deno.Command("cp", { args: ["-a", join(from, name), to] }).output();
      if (!success) throw new Error(`Cannot copy ${name}`);
    }
  }
}
