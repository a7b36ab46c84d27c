import { join } from "node:path";
import { type Env, KitError, VERSION } from "../lib/base/mod.ts";
import { defineCommand, type Flag } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { configFolder } from "./_frame/settings/user_folders.ts";

const FLAGS = [
  { name: "check", type: "boolean", summary: "Show whether this installation is to take a newer version" },
  { name: "url", type: "string", summary: "Address of rollout.json beside the releases", placeholder: "URL" },
] as const satisfies readonly Flag[];

/** Result of `self-update --check`. */
export interface SelfUpdateResult {
  /** This version. */
  readonly current: string;
  /** The version to take; `null` to stay. */
  readonly take: string | null;
  /** The newest version that any installation takes; `null` if there is none after this one. */
  readonly newest: string | null;
  /** Why, in words. */
  readonly reason: string;
}

/** The `self-update` command: whether this installation is to take a newer version. */
export const command = defineCommand({
  name: "self-update",
  group: "Program",
  summary: "Check whether this installation is to take a newer version",
  description: "A new version is given to a growing share of all installations. A random id, created once beside the " +
    "configuration and sent nowhere, decides how early this one takes it. The list of versions is a static file, " +
    "rollout.json; set its address with --url, or with url in the section self-update of civitai-dl.yml.",
  flags: FLAGS,
  examples: [
    { command: "civitai-dl self-update --check", summary: "Is there a version for this installation?" },
    {
      command: "civitai-dl self-update --check --url https://example.com/rollout.json",
      summary: "With the list at this address",
    },
    { command: "civitai-dl self-update --check --json", summary: "The answer, for a program" },
  ],
  exits: { 1: "The list of versions cannot be used", 6: "The list of versions cannot be fetched" },
  async run({ flags, env, signal }): Promise<SelfUpdateResult> {
    if (!flags.check) {
      throw new KitError("usage", "Cannot update: only --check exists so far", {
        hint: "civitai-dl self-update --check says whether there is a version to install",
      });
    }
    if (flags.url === undefined) {
      throw new KitError("usage", "Cannot check for a newer version: the address of the list is not set", {
        hint: "Use --url, or set url in the section self-update of civitai-dl.yml",
      });
    }
    const [{ fetchReleaseList }, { chooseRelease, installId }] = await Promise.all([
      import("./_rollout/fetch_release_list.ts"),
      import("../lib/rollout/mod.ts"),
    ]);
    const list = await fetchReleaseList(flags.url, { signal });
    const id = await installId(installIdPath(env));
    const { take, newest, reason } = chooseRelease(list, { version: VERSION, id });
    return { current: VERSION, take: take?.version ?? null, newest: newest?.version ?? null, reason };
  },
  render({ current, take, reason }: SelfUpdateResult) {
    const answer = take === null ? `Stay with ${current}` : `Take ${take} (this is ${current})`;
    return `${answer}: ${reason}\n`;
  },
});

function installIdPath(env: Env): string {
  const folder = configFolder(env);
  if (folder !== undefined) return join(folder, "civitai-dl", "install-id");
  throw new KitError("usage", "Cannot find the id of this installation: neither HOME nor XDG_CONFIG_HOME is set", {
    hint: "Set XDG_CONFIG_HOME to a folder",
  });
}

if (import.meta.main) await runScript(command);
