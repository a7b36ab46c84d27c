import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { command } from "../../scripts/release.ts";
import type { Called } from "../helpers/call.ts";
import { callCommand } from "../helpers/call_command.ts";
import { gitIn, inSharedRepository, type SharedRepository } from "../helpers/repository/shared_repository.ts";

/** A file of `changes/`, as users will read it. */
export const CHANGE = "---\nkind: added\n---\n\nA thing that users notice.\n";
/** The tasks that a release runs in the tree: \`check\` compares deno.json with the tag, the gate fails if told so. */
const CONFIG = `{
  "name": "@scope/name",
  "version": "1.0.3",
  "tasks": {
    "release": "sh -c 'grep -q \\"\\\\\\"version\\\\\\": \\\\\\"\${2#v}\\\\\\"\\" deno.json' --",
    "gate": "test ! -e broken && echo gate",
    "checks": "test ! -e broken && echo checks"
  }
}
`;

/** Run `release` in a repository. */
export function release({ root }: Pick<SharedRepository, "root">, ...args: readonly string[]): Promise<Called> {
  return callCommand(command, [...args, "--repo", root]);
}

/** Options of {@linkcode inReleaseProject}. */
export interface ReleaseProjectOptions {
  /** Content of its `config/branches.yml`; the built-in strategy without it. */
  readonly strategy?: string;
  /**
   * Whether phase 1 is finished, which leads to 1.1.0.
   *
   * @default {true}
   */
  readonly isPhaseFinished?: boolean;
}

/** A project that can be released as 1.1.0: `main` and `develop` on a bare remote, with v1.0.3 released. */
export function inReleaseProject(
  { strategy, isPhaseFinished = true }: ReleaseProjectOptions,
  use: (shared: SharedRepository) => Promise<void>,
): Promise<void> {
  const add = async ({ write, commit, git }: SharedRepository): Promise<void> => {
    if (strategy !== undefined) await write("config/branches.yml", strategy);
    await write("deno.json", CONFIG);
    await write("CHANGELOG.md", "# Changelog\n");
    await write("changes/thing.md", CHANGE);
    await write("reports/.gitignore", "*\n");
    await commit("chore: begin");
    await write("b.txt", "b\n");
    await commit("feat: something that users do not notice");
    if (isPhaseFinished) await git("tag", "-a", "-m", "phase 1", "v1.1.0-phase1");
    await git("push", "-q", "--follow-tags", "origin", "main");
    await git("push", "-q", "origin", "main:develop");
    await git("fetch", "-q");
  };
  return inSharedRepository(use, { name: `release ${isPhaseFinished} ${strategy}`, add });
}

/** Read a file of the remote, such as `main:deno.json`. */
export async function readThere({ remote }: SharedRepository, place: string): Promise<string> {
  return await gitIn(remote, "show", place);
}

/** Write a report of the production test of a tag's program. */
export async function writeProductionTest(
  { root, remote }: SharedRepository,
  tag: string,
  verdict: "pass" | "fail" = "pass",
): Promise<void> {
  const sha = (await gitIn(remote, "rev-parse", `${tag}^{commit}`)).trim();
  const report = {
    schema: "civitai-dl/production",
    version: 1,
    tool: { name: "civitai-dl", version: "1.0.3", deno: "2.9.6", v8: "15.0" },
    commit: { sha, isDirty: false, ref: tag },
    machine: { cpu: "any", cores: 2, memoryBytes: 2 ** 32, kernel: "linux", arch: "x86_64" },
    seed: 1,
    startedAt: "2026-11-27T08:00:00.000Z",
    endedAt: "2026-11-27T08:01:00.000Z",
    plannedMs: 60_000,
    actualMs: 60_000,
    claims: [{ name: "download", verdict }],
  };
  await Deno.writeTextFile(join(root, "reports", `production-${tag}.json`), JSON.stringify(report));
}

/** Take 1.1.0 to where only `release stable` is missing: prepared, and a candidate that passed its test. */
export async function prepareForStable(shared: SharedRepository): Promise<void> {
  assertEquals((await release(shared, "prepare", "1.1.0")).code, 0);
  assertEquals((await release(shared, "candidate", "1.1.0")).code, 0);
  await writeProductionTest(shared, "v1.1.0-rc.1");
}
