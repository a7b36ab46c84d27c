import { dirname, join, resolve } from "node:path";
import { formatDuration, KitError, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { VERDICT_EXITS, verdictOf, type WholeVerdict } from "../lib/judge/mod.ts";
import { resolveCommit } from "../lib/git/mod.ts";
import {
  buildVersion,
  type InstalledVersion,
  installFolder,
  parseReleaseVersion,
  type ProductionClaim,
  programOf,
  readInstallation,
  recordedFileOf,
  runProductionTest,
  switchVersion,
  type TestedArtifact,
} from "../lib/installation/mod.ts";
import { readBranchStrategy } from "./_branch/branch_strategy.ts";
import { findRepository } from "./_installation/find_repository.ts";
import { PREFIX_FLAG, REPO_FLAG } from "./_installation/installation_flags.ts";
import { startPlace } from "./_installation/start_place.ts";
import { runScript } from "./_frame/run_script.ts";

interface ProductionResult {
  readonly artifact: TestedArtifact;
  readonly verdict: WholeVerdict;
  readonly isLive: boolean;
  readonly claims: readonly ProductionClaim[];
  /** The report; `null` with `--dry-run`. */
  readonly report: string | null;
  readonly durationMs: number;
}

const CHECKED = "version, help, self-test, download, kill and resume, second run, verify, wrong API key";

/** The `production-test` command: tests the installed program of a tag, and writes the report. */
export const command = defineCommand({
  name: "production-test",
  group: "Maintenance",
  permissions: "productionTest",
  summary: "Test the installed program of a tag from an empty folder, and write the report",
  description: [
    "Builds the program of the tag in a temporary working tree, installs it into a temporary folder, and runs it there " +
    "against the sandbox without anything of this checkout, your settings or your API key: a download with every " +
    "SHA-256, a kill and a resume, a second run without requests for files, verify, a wrong API key, and the help of " +
    "every command. If the tag is installed, the installed program is tested; one that was replaced since is refused. The " +
    "report states the SHA-256 of the program.",
    "The report is what gate --phase 4 and rollback read. --live adds one search of the real site.",
  ].join("\n\n"),
  flags: [
    { name: "version", setting: "none", type: "string", summary: "The tag, such as v1.1.0-rc.1", placeholder: "TAG" },
    { name: "live", type: "boolean", summary: "Also search the real site once" },
    {
      name: "output",
      type: "path",
      summary: "The report; reports/production-TAG.json by default",
      placeholder: "FILE",
    },
    {
      name: "form",
      type: "choice",
      summary: "One JavaScript file with a launcher, or one executable",
      choices: ["bundle", "executable"],
      default: "bundle",
    },
    PREFIX_FLAG,
    REPO_FLAG,
    { name: "dry-run", setting: "none", type: "boolean", summary: "Show what would be tested" },
  ],
  examples: [
    { command: "civitai-dl production-test --version v1.1.0-rc.1", summary: "Before the release" },
    { command: "civitai-dl production-test --version v1.1.0-rc.1 --live", summary: "With the real site" },
    { command: "civitai-dl gate --phase 4 --only production", summary: "What the gate says of it" },
  ],
  exits: {
    0: "Every check passed",
    1: "A check failed, or the tag cannot be built",
    3: "Nothing failed, but the real site could not be reached",
    6: "Packages of the tag are not in Deno's cache, and there is no network",
    7: "The installed program is not the one that was installed",
  },
  async run({ flags, env, display, signal }) {
    const start = performance.now();
    if (flags.version === undefined) {
      throw new KitError("usage", "Cannot test: no version is named", { hint: "Write --version v1.1.0-rc.1" });
    }
    const repository = await findRepository(flags.repo);
    if (repository === null) {
      throw new KitError("usage", `Cannot build ${flags.version}: there is no repository here`, {
        hint: "Run it in a checkout of the project, or name one with --repo",
      });
    }
    const { tag } = parseReleaseVersion(flags.version, (await readBranchStrategy(repository.root)).tagForms);
    const sha = await resolveCommit(repository, `refs/tags/${tag}`);
    const report = resolve(flags.output ?? join("reports", `production-${tag}.json`));
    if (flags.dryRun) {
      display.notice(`Would test ${tag} (commit ${sha.slice(0, 9)}): ${CHECKED}; and write ${report}`);
      return withExit(undefined, 0);
    }
    const own = await Deno.makeTempDir({ prefix: "civitai-dl-installed-" });
    try {
      const installed = await findUnpatched(installFolder({ prefix: flags.prefix, env }), {
        tag,
        sha,
        form: flags.form,
      });
      const folder = installed?.folder ?? own;
      if (installed === null) display.log(`Building ${tag} in a temporary working tree`);
      const record = installed?.record ??
        await buildVersion(repository, {
          tag,
          sha,
          folder,
          form: flags.form,
          command: `production-test ${tag}`,
          signal,
        });
      if (installed === null) await switchVersion(folder, record.name, { signal });
      const paths = { program: programOf(folder, record.name), file: recordedFileOf(folder, record) };
      const evidence = await runProductionTest({ ...record, ...paths }, {
        startPlace,
        isLive: flags.live,
        signal,
        onClaim: (claim) => display.log(lineOf(claim)),
      });
      await Deno.mkdir(dirname(report), { recursive: true });
      await writeAtomic(report, `${JSON.stringify(evidence, null, 2)}\n`);
      const { claims, artifact } = evidence;
      const verdict = verdictOf(claims);
      const durationMs = performance.now() - start;
      const result: ProductionResult = { artifact, verdict, isLive: flags.live, claims, report, durationMs };
      return withExit(result, VERDICT_EXITS[verdict]);
    } finally {
      await Deno.remove(own, { recursive: true });
    }
  },
  render: ({ artifact, verdict, claims, report, durationMs }: ProductionResult) =>
    `${claims.map((claim) => `${lineOf(claim)}\n`).join("")}${artifact.tag} (${artifact.form} ${
      artifact.sha256.slice(0, 12)
    }): ${verdict} in ${formatDuration(durationMs)}; the report is ${report}\n`,
});

/** Find the tag's program among the installed versions. */
async function findUnpatched(
  folder: string,
  { tag, sha, form }: Pick<InstalledVersion, "tag" | "sha" | "form">,
): Promise<{ readonly folder: string; readonly record: InstalledVersion } | null> {
  const { versions } = await readInstallation(folder);
  const record = versions.find((one) =>
    one.tag === tag && one.sha === sha && one.form === form && one.patchSha256 === null
  );
  return record === undefined ? null : { folder, record };
}

function lineOf({ id, verdict, note }: ProductionClaim): string {
  return `${verdict.padEnd(12)}  ${id}: ${note}`;
}

if (import.meta.main) await runScript(command);
