import type { Acts } from "../../git/mod.ts";
import { programOf } from "../install/installed_version.ts";
import { denoPath, runProgram, type RunProgramOptions } from "../install/run_program.ts";
import { parseReleaseVersion } from "../versions/release_version.ts";
import type { PatchActOptions } from "./emergency_patch.ts";
import { installActs } from "./install_acts.ts";
import type { RollbackFacts } from "./rollback_record.ts";
import { type RunVersion, type TryDownload, verifyVersion, type VersionCheck } from "./verify_version.ts";
import { worktreeActs } from "./worktree_acts.ts";

/** What the acts of a rollback need besides its facts. */
export interface RollbackActOptions extends PatchActOptions {
  /**
   * Asks the run that holds a library to stop, as Ctrl-C does, and waits for its end. It can be continued.
   *
   * @throws {KitError} `unsafe` if it does not end
   */
  readonly stopRun: (library: string, signal: AbortSignal) => Promise<void>;
  /** How to try a version that has no self-test. */
  readonly tryDownload: TryDownload;
  /** Called with what was verified. */
  readonly onVerified?: ((checks: readonly VersionCheck[]) => void) | undefined;
}

/** Return what the steps of a rollback do. */
export function rollbackActs(facts: RollbackFacts, options: RollbackActOptions): Acts {
  const { library, tag } = facts;
  const { signal, stopRun, tryDownload, onVerified } = options;
  return {
    ...facts.mode === "install" ? installActs(facts, options) : worktreeActs(facts, options),
    library: { apply: () => stopRun(library!, signal) },
    verify: {
      apply: async () => {
        const words = facts.mode === "install" ? [programOf(facts.folder, facts.name)] : sourceWords(facts.tree);
        const version = parseReleaseVersion(tag).text;
        onVerified?.(await verifyVersion(runnerOf(words, signal), { version, library, tryDownload, signal }));
      },
    },
  };
}

/** Run commands of a program, each in an empty folder. */
function runnerOf(words: readonly string[], signal: AbortSignal): RunVersion {
  return async (args: readonly string[], more: Partial<RunProgramOptions> = {}) => {
    const folder = await Deno.makeTempDir({ prefix: "civitai-dl-rollback-" });
    try {
      return await runProgram([...words, ...args], { cwd: folder, signal, ...more });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

/** Start a program from its sources, with the permissions that an installed one has. */
function sourceWords(tree: string): readonly string[] {
  const allow = ["read", "write", "env", "sys", "net", "run"].map((name) => `--allow-${name}`);
  return [
    ...[denoPath(), "run", "-q", "--no-prompt", "--config", `${tree}/deno.json`, "--frozen"],
    ...allow,
    `${tree}/cli.ts`,
  ];
}
