import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { gitIn, refsOf } from "../../../helpers/repository/shared_repository.ts";
import { Life, type Operation } from "./life.ts";
import { createLifeProject } from "./life_project.ts";
import { playLife } from "./play_life.ts";
import { CommitReader, describeState } from "./read_refs.ts";

/** What a rehearsed life had. */
export interface Rehearsal {
  /** Operations that were printed first, then run, taken back and run again. */
  operations: number;
  /** Printed scripts that stopped at a merge with conflicts, as the operation itself did. */
  conflicts: number;
}

/**
 * Play a life in which each operation is first shown by `--dry-run`, with and without the remote. The printed commands
 * have to lead a copy of clone and remote to the state after it. Then `undo` has to bring back the very hashes.
 */
export async function rehearseLife(folder: string): Promise<Rehearsal> {
  const rehearsal: Rehearsal = { operations: 0, conflicts: 0 };
  const project = await createLifeProject(folder, "plain");
  const { root, remote } = project;
  const life: Life = new Life(project, {
    async onOperation(operation) {
      const { line } = operation;
      rehearsal.operations++;
      const before = [await refsOf(root), await refsOf(remote)];
      const script = await printScript(life, line);
      const isComplete = await runInCopy(operation, { folder, root, remote, script });
      if (!isComplete) rehearsal.conflicts++;
      assertEquals([await refsOf(root), await refsOf(remote)], before, line);
      await operation.run();
      assertEquals((await life.call("branch undo")).code, 0, line);
      assertEquals([await refsOf(root), await refsOf(remote)], before, `undo of ${line}`);
      const again = await life.call("branch undo");
      assertEquals(again.code, 2, again.err);
      assertStringIncludes(again.err, "is undone already");
      await operation.run();
    },
  });
  await playLife(life, "short");
  return rehearsal;
}

/** Print the commands of an operation, also while the remote cannot be reached. */
async function printScript(life: Life, line: string): Promise<string> {
  const { root, remote } = life.project;
  const state = () =>
    gitIn(root, "--no-optional-locks", "status", "--porcelain=v2", "--branch", "--untracked-files=all");
  const before = await state();
  const dry = await life.call(`${line} --dry-run`);
  assertEquals(dry.code, 0, dry.err);
  await Deno.rename(remote, `${remote}.away`);
  const offline = await life.call(`${line} --dry-run --offline`);
  await Deno.rename(`${remote}.away`, remote);
  assertEquals([offline.code, offline.out], [0, dry.out], offline.err);
  assertEquals(await state(), before);
  return dry.out;
}

interface Copied {
  readonly folder: string;
  readonly root: string;
  readonly remote: string;
  readonly script: string;
}

/** Run printed commands in a copy of clone and remote; returns whether they came to their end. */
async function runInCopy({ line, after }: Operation, { folder, root, remote, script }: Copied): Promise<boolean> {
  const copy = join(folder, "copy");
  await Deno.mkdir(copy);
  for (const path of [root, remote]) await new Deno.Command("cp", { args: ["-a", path, copy] }).output();
  const [here, there] = [root, remote].map((path) => join(copy, path.slice(folder.length)));
  await gitIn(here!, "remote", "set-url", "origin", there!);
  // A script that ends with a conflict leaves its tree there, for a person.
  const env = { TMPDIR: join(copy, "temporary") };
  await Deno.mkdir(env.TMPDIR);
  const { code, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", script], cwd: here!, env }).output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  if (code === 0) {
    assertEquals(describeState(await new CommitReader().readState(here!, there!)), describeState(after), line);
  } else assertStringIncludes(said, "CONFLICT", line);
  await Deno.remove(copy, { recursive: true });
  return code === 0;
}
