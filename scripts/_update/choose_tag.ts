import { join } from "node:path";
import { type Env, KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { chooseRelease, installId, type ReleaseChoice, type ReleaseList } from "../../lib/rollout/mod.ts";
import { configFolder } from "../_frame/settings/user_folders.ts";
import { fetchReleaseList } from "./fetch_release_list.ts";
import type { ReleaseHost } from "./release_host.ts";
import type { UpdateFlags } from "./update_flags.ts";

type Context = CommandContext<UpdateFlags>;

/**
 * Choose the release that an installation is to take, by the list of releases.
 *
 * @param context Flags and environment of the command
 * @param options The host, and the version in use
 * @returns The release, and why
 * @throws {KitError} As `fetchReleaseList`
 */
export async function adviseRelease(
  context: Context,
  options: { readonly host: ReleaseHost; readonly current: string },
): Promise<ReleaseChoice> {
  const { host, current } = options;
  const list = await readList(context, host);
  if (list.releases.some(({ version, percentage }) => version === current && percentage === 0)) {
    context.display.notice(`warning: ${current} was withdrawn; civitai-dl rollback goes back to the version before`);
  }
  return chooseRelease(list, { version: current, id: await installId(installIdPath(context.env)) });
}

/**
 * Make sure that a release was not withdrawn during its download, which takes a while.
 *
 * @throws {KitError} `unsafe` if it was
 */
export async function assertStillOffered(context: Context, host: ReleaseHost, tag: string): Promise<void> {
  const { releases } = await readList(context, host);
  const version = tag.slice(1);
  if (releases.some((one) => one.version === version && one.percentage > 0)) return;
  throw new KitError("unsafe", `Cannot update to ${version}: it was withdrawn while it was being downloaded`, {
    hint: "Nothing was changed; wait for the next version",
  });
}

async function readList({ flags, signal }: Context, host: ReleaseHost): Promise<ReleaseList> {
  const url = flags.url ?? `${flags.from.replace(/\/+$/, "")}/latest/download/rollout.json`;
  return await fetchReleaseList(host, { url, signal });
}

function installIdPath(env: Env): string {
  const folder = configFolder(env);
  if (folder !== undefined) return join(folder, "civitai-dl", "install-id");
  throw new KitError("usage", "Cannot find the id of this installation: neither HOME nor XDG_CONFIG_HOME is set", {
    hint: "Set XDG_CONFIG_HOME to a folder",
  });
}
