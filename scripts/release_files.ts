import { join, resolve } from "node:path";
import { CATALOG_VERSION } from "../lib/library/mod.ts";
import { openRepository, resolveCommit } from "../lib/git/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { CHECKSUMS_NAME, describeRelease, DOCUMENT_NAME, parseReleaseVersion } from "../lib/release/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { requireCheckout } from "./_frame/program_form.ts";

/** The `release-files` task: describes the programs of a release for self-update and for people who check them. */
export const command = defineCommand({
  name: "release-files",
  summary: "Write release.json and SHA256SUMS of a release, beside its programs",
  description: "The folder must have the bundle and all five executables. release.json has tag, commit, catalog " +
    "version and sizes of the programs; SHA256SUMS has the checksums of release.json and of all files whose names begin " +
    "with civitai-dl. release-sign signs them.",
  args: [{ name: "TAG", summary: "Such as v1.1.0", required: true }],
  flags: [
    { name: "folder", type: "path", summary: "Folder of the programs", placeholder: "FOLDER", default: "dist" },
  ],
  examples: [{ command: "deno task release-files v1.1.0", summary: "After bundle and executables were made" }],
  exits: { 1: "A program is missing" },
  async run({ args, flags }) {
    const { tag } = parseReleaseVersion(args[0]!);
    const folder = resolve(flags.folder);
    const commit = await resolveCommit(await openRepository(requireCheckout("release-files")), "HEAD");
    const sums = await describeRelease(folder, { tag, commit, catalogVersion: CATALOG_VERSION });
    return { files: [DOCUMENT_NAME, CHECKSUMS_NAME].map((name) => join(folder, name)), sums };
  },
  render: ({ files }: { readonly files: readonly string[] }) => `Written: ${files.join(", ")}\n`,
});

if (import.meta.main) await runScript(command);
