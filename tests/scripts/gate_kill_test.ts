import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ScriptProcess, type ScriptRun } from "../helpers/script_process.ts";
import { gitIn, inSharedRepository, refsOf, type SharedRepository } from "../helpers/repository/shared_repository.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** A gate that works in its tree for half a second, writes files there all the time, and passes. It cleans nothing up. */
const GATE = `mktemp -d "$TMPDIR/gate-XXXXXX" > temporary && echo begun >> "$GATE_LOG"
for i in $(seq 1 15); do echo $i > "part-$i"; mkdir -p "folder-$i"; echo $i > "folder-$i/part"; echo $i > "$(cat temporary)/part-$i"; sleep 0.03; done
echo ended >> "$GATE_LOG"
`;
const TASKS = {
  gate: "sh gate.sh && echo",
  release: "echo agreed",
};

interface Stage {
  readonly shared: SharedRepository;
  /** Run `branch` or `release` with its own permissions; runs of the same one share a process. */
  readonly run: (words: string) => Promise<ScriptRun>;
  /** Run it in a process of its own, which gets a signal as soon as the gate has begun. */
  readonly runKilled: (words: string, signal?: Deno.Signal) => Promise<ScriptRun & { readonly killedAt: number }>;
  /** What the gates wrote: one line for each that began, and for each that ended. */
  readonly gates: () => Promise<readonly string[]>;
  /** What is left of temporary trees and in the temporary folder. */
  readonly leftovers: () => Promise<readonly string[]>;
}

function inStage(use: (stage: Stage) => Promise<void>): Promise<void> {
  return inSharedRepository(async (shared) => {
    const { root, write, commit, git } = shared;
    const temporary = join(root, "..", "tmp");
    const log = join(root, "..", "gates");
    await Deno.mkdir(temporary);
    await Deno.writeTextFile(log, "");
    await write("deno.json", `${JSON.stringify({ name: "@x/x", version: "1.0.3", tasks: TASKS }, null, 2)}\n`);
    await write("gate.sh", GATE);
    await write("CHANGELOG.md", "# Changelog\n");
    await write("changes/flag.md", "---\nkind: added\n---\n\nA flag.\n");
    await commit("project");
    await git("push", "-q", "origin", "main", "main:develop");
    const gates = async () => (await Deno.readTextFile(log)).split("\n").filter(Boolean);
    const env = { TMPDIR: temporary, GATE_LOG: log };
    await using processes = new AsyncDisposableStack();
    const started = new Map<string, ScriptProcess>();
    const processOf = (script: string): ScriptProcess => {
      let process = started.get(script);
      if (process === undefined) {
        process = processes.use(new ScriptProcess(pathOf(script), { words: wordsOf(script), cwd: root, env }));
        started.set(script, process);
      }
      return process;
    };
    await use({
      shared,
      gates,
      async run(words) {
        const [script, ...args] = words.split(" ");
        return await processOf(script!).run({ args, cwd: root });
      },
      async runKilled(words, signal = "SIGKILL") {
        const [script, ...args] = words.split(" ");
        const begun = (await gates()).filter((line) => line === "begun").length;
        const child = new Deno.Command(Deno.execPath(), {
          args: [...wordsOf(script!), pathOf(script!), ...args],
          cwd: root,
          env,
          stdin: "null",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const output = child.output();
        const hasBegun = async () => (await gates()).filter((line) => line === "begun").length > begun;
        let isOver = false;
        output.finally(() => isOver = true);
        while (!isOver && !await hasBegun()) await new Promise((resolve) => setTimeout(resolve, 20));
        const killedAt = performance.now();
        if (!isOver) child.kill(signal);
        const { code, signal: ended, stdout, stderr } = await output;
        const text = new TextDecoder();
        return { code, signal: ended, out: text.decode(stdout), err: text.decode(stderr), killedAt };
      },
      async leftovers() {
        const trees = (await gitIn(root, "worktree", "list", "--porcelain")).match(/^worktree /gm)!.length;
        const registries = await Array.fromAsync(Deno.readDir(temporary), ({ name }) => name);
        const names = registries.filter((name) => !name.startsWith("civitai-dl-worktrees-"));
        for (const registry of registries.filter((name) => name.startsWith("civitai-dl-worktrees-"))) {
          for await (const entry of Deno.readDir(join(temporary, registry))) {
            if (entry.isDirectory) names.push(entry.name);
          }
        }
        return [...names, ...Array.from({ length: trees - 1 }, () => "listed")];
      },
    });
  });
}

function wordsOf(script: string): readonly string[] {
  return ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), `-P=${script}`];
}

function pathOf(script: string): string {
  return join(ROOT, `scripts/${script}.ts`);
}

async function positions({ root, remote }: SharedRepository) {
  return { here: await refsOf(root), there: await refsOf(remote), status: await gitIn(root, "status", "--porcelain") };
}

for (
  const [words, prepare, tag] of [
    ["branch finish-phase 1", ["branch create-phase 1"], "v1.1.0-phase1"],
    ["release alpha 1.1.0", ["release prepare 1.1.0"], "v1.1.0-alpha"],
  ] as const
) {
  Deno.test(`${words}, killed while its gate runs, is shown by status, completed by continue and taken back by undo`, () =>
    inStage(async ({ shared, run, runKilled, gates, leftovers }) => {
      const { git, write, commit, root } = shared;
      if (words.startsWith("release")) {
        await git("tag", "-a", "-m", "phase 1", "v1.1.0-phase1", "origin/main");
        await git("push", "-q", "origin", "v1.1.0-phase1");
      }
      for (const one of prepare) assertEquals((await run(one)).code, 0);
      if (words.startsWith("branch")) {
        await git("switch", "-q", "performance/phase1");
        await write("work.txt", "work\n");
        await commit("work");
        await git("switch", "-q", "main");
      }
      const before = await positions(shared);

      const killed = await runKilled(words);
      assertEquals([killed.signal, await positions(shared)], ["SIGKILL", before], killed.err);
      for (const script of ["branch", "release"]) {
        const { code, out } = await run(`${script} status`);
        assertEquals(code, 0);
        assertStringIncludes(out, "branch continue");
        assertStringIncludes(out, "it was interrupted");
      }
      // Nothing else begins meanwhile.
      const other = await run("branch start-hotfix other");
      assertEquals(other.code, 4, other.err);
      assertStringIncludes(other.err, "has not ended");
      // The gate of the killed process may still be running.
      const undone = await run("branch undo");
      assertEquals([undone.code, await positions(shared)], [0, before], undone.err);
      assertEquals(await leftovers(), []);

      assertEquals((await runKilled(words)).signal, "SIGKILL");
      const count = (await gates()).filter((line) => line === "begun").length;
      const continued = await run("branch continue");
      assertEquals(continued.code, 0, continued.err);
      // The gate judges again from the beginning: an interrupted one has said nothing.
      assertEquals((await gates()).filter((line) => line === "begun").length, count + 1);
      const after = await positions(shared);
      assert(`refs/tags/${tag}` in after.there && `refs/tags/${tag}` in after.here);
      assertEquals(await leftovers(), []);
      // Nothing that the gate wrote is in what was pushed.
      assertEquals((await gitIn(root, "ls-tree", "-r", "--name-only", tag)).includes("part-"), false);
      assertEquals((await run("branch undo")).code, 0);
      const now = await positions(shared);
      assertEquals([now.here, now.there], [before.here, before.there]);
    }));
}

/** A gate that ignores polite requests, writes temporary files all the time, and has a process that keeps its output open. */
const STUBBORN = `trap '' TERM INT HUP
coverage=$(mktemp -d "$TMPDIR/gate-XXXXXX")
(trap '' TERM INT HUP; cd "$coverage"; seq 1 3000 | xargs touch; while echo raw > "raw-$((i += 1))"; do sleep 0.01; done) &
(trap '' TERM INT HUP; echo "pid $$" >> "$GATE_LOG"; sleep 601) &
echo "pid $!" >> "$GATE_LOG"
echo begun >> "$GATE_LOG"
sleep 602
`;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`branch finish, stopped by ${signal} while a stubborn gate runs, does not wait for it and leaves no tree and no process`, () =>
    inStage(async ({ shared, run, runKilled, gates, leftovers }) => {
      const { git, write, commit } = shared;
      await run("branch start-hotfix x");
      await git("switch", "-q", "hotfix/x");
      await write("gate.sh", STUBBORN);
      await commit("work");
      await git("switch", "-q", "main");
      const before = await positions(shared);
      const stopped = await runKilled("branch finish-hotfix x", signal);
      const endedAt = performance.now();
      assertEquals(stopped.code, signal === "SIGINT" ? 130 : 143, stopped.err);
      assert(endedAt - stopped.killedAt < 600_000, `${Math.round(endedAt - stopped.killedAt)} ms`);
      assertStringIncludes(stopped.err, "branch continue");
      assertEquals(await leftovers(), []);
      assertEquals(await positions(shared), before);
      const pids = (await gates()).flatMap((line) => /^pid (\d+)$/.exec(line)?.[1] ?? []);
      assertEquals(pids.length, 2);
      for (const pid of pids) assertEquals(await isAlive(pid), false, pid);
      assertStringIncludes((await run("branch status")).out, "branch continue");
      assertEquals((await run("branch undo")).code, 0);
      assertEquals(await positions(shared), before);
    }));
}

async function isAlive(pid: string): Promise<boolean> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "State:\tgone");
  return !/^State:\s+(Z|X|gone)/m.test(status);
}
