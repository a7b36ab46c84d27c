import { resolve } from "node:path";
import { KitError, VERSION } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import type { ReleaseHost } from "./_update/release_host.ts";
import { renderUpdate } from "./_update/render_update.ts";
import { UPDATE_FLAGS, type UpdateFlags } from "./_update/update_flags.ts";
import type { CheckedUpdate, UpdateResult } from "./_update/update_result.ts";
import type { UpdateWay } from "./_update/update_way.ts";

type Context = CommandContext<UpdateFlags>;

/** The `self-update` command: brings an installed program to a newer version, or says how else to do it. */
export const command = defineCommand({
  name: "self-update",
  group: "Program",
  summary: "Update this installation to a newer version, verified by its signature",
  description: [
    "Downloads the newer version, verifies the maintainers' signature, size and SHA-256, installs it beside the other " +
    "versions, runs its self-test, and switches to it. If anything fails, the version before stays in use. The previous " +
    "version is kept: civitai-dl rollback undo goes back.",
    "A new version is given to a growing share of all installations. A random id, created once beside the configuration " +
    "and sent nowhere, decides how early this one takes it. The list of versions is a static file, rollout.json, beside " +
    "the newest release.",
    "A checkout, a package of npm, Debian, Homebrew or Scoop, a container and a program from JSR are updated by their own " +
    "commands, which this one names. docs/guide/updating.md is the guide.",
  ].join("\n\n"),
  flags: UPDATE_FLAGS,
  excludes: [["check", "now"], ["check", "version"], ["check", "dry-run"], ["now", "version"], ["version", "url"]],
  examples: [
    { command: "civitai-dl self-update --check", summary: "Is there a version for this installation?" },
    { command: "civitai-dl self-update", summary: "Take it" },
    { command: "civitai-dl self-update --version v1.0.3", summary: "Take exactly this one, newer or older" },
  ],
  exits: {
    1: "There is no such release, or the new version did not work here and the one before is in use",
    2: "This program is updated by another command, which the message names",
    4: "Nothing was changed: no key to verify with, no room, another update runs, or the version was withdrawn",
    6: "The releases cannot be reached",
    7: "Signature, hash, size or version of the release is wrong; nothing was changed",
  },
  async run(context): Promise<UpdateResult> {
    const { findUpdateWay } = await import("./_update/update_way.ts");
    const way = await findUpdateWay();
    return context.flags.check ? await check(context, way) : await update(context, way);
  },
  render: renderUpdate,
});

async function check(context: Context, way: UpdateWay): Promise<CheckedUpdate> {
  const { flags } = context;
  const [{ adviseRelease }, { readCurrent }] = await Promise.all([
    import("./_update/choose_tag.ts"),
    import("./_update/perform_update.ts"),
  ]);
  const isElsewhere = flags.prefix === undefined && way.type === "elsewhere";
  const folder = isElsewhere ? null : requireFolder(flags, way);
  const current = folder === null ? VERSION : (await readCurrent(folder)).current ?? VERSION;
  using host = await openHost(flags);
  const { take, newest, reason } = await adviseRelease(context, { host, current });
  const command = isElsewhere ? way.command : "civitai-dl self-update";
  return { action: "check", current, take: take?.version ?? null, newest: newest?.version ?? null, reason, command };
}

async function update(context: Context, way: UpdateWay): Promise<UpdateResult> {
  const { flags } = context;
  const { performUpdate } = await import("./_update/perform_update.ts");
  const folder = requireFolder(flags, way);
  using host = await openHost(flags);
  return await performUpdate(context, { host, folder });
}

/** The folder of installed versions; a program that is in none is updated in another way. */
function requireFolder({ prefix }: UpdateFlags, way: UpdateWay): string {
  if (prefix !== undefined) return resolve(prefix);
  if (way.type === "installed") return way.folder;
  throw new KitError("usage", `Cannot update: this program is ${way.what}, which self-update does not change`, {
    hint: `Update it with: ${way.command}`,
  });
}

async function openHost(flags: UpdateFlags): Promise<ReleaseHost> {
  const { openReleaseHost } = await import("./_update/release_host.ts");
  const addresses = [flags.from, ...flags.url === undefined ? [] : [flags.url]];
  return openReleaseHost({ addresses, allowedHosts: flags.redirectHost ?? [] });
}

if (import.meta.main) await runScript(command);
