import { formatSize, KitError, shell, VERSION } from "../../lib/base/mod.ts";
import { type CommandContext, renderBar } from "../../lib/cli/mod.ts";
import { CATALOG_VERSION } from "../../lib/library/mod.ts";
import {
  BUNDLE_NAME,
  executableName,
  holdRollback,
  installFolder,
  type InstallForm,
  installUpdate,
  isReleaseInstalled,
  isSuspended,
  parseReleaseKeys,
  parseReleaseVersion,
  readInstallation,
  readReleaseKey,
  readRollbackJournal,
  type ReleaseKey,
  type ReleaseProgram,
  type VerifiedRelease,
} from "../../lib/release/mod.ts";
import KEYS from "../../config/release-keys.json" with { type: "json" };
import { rollbackLibrary } from "../_release/rollback_library.ts";
import { settleRollback } from "../_release/settle_rollback.ts";
import { tryDownload } from "../_release/try_download.ts";
import { adviseRelease, assertStillOffered } from "./choose_tag.ts";
import { type DownloadedProgram, downloadProgram, removeDownloads } from "./download_program.ts";
import { fetchRelease } from "./fetch_release.ts";
import type { ReleaseHost } from "./release_host.ts";
import type { UpdateFlags } from "./update_flags.ts";
import type { DoneUpdate, PlannedUpdate, StayedUpdate } from "./update_result.ts";
import { quotePath } from "./quote_path.ts";

type Context = CommandContext<UpdateFlags>;

/** The version in use. */
export interface CurrentVersion {
  /** Its number; `null` if none is in use. */
  readonly current: string | null;
  /** Form of the program to install: that of the version in use, else that of this program. */
  readonly form: InstallForm;
}

/** Read which version of an installation is in use. */
export async function readCurrent(folder: string): Promise<CurrentVersion> {
  const { versions, current } = await readInstallation(folder);
  const record = versions.find(({ name }) => name === current);
  const own = Deno.build.standalone ? "executable" : "bundle";
  return { current: record?.tag.replace(/^v/, "") ?? null, form: record?.form ?? own };
}

/**
 * Update an installation: choose a release, verify it, download it, and install it.
 *
 * @param context Flags, environment and signal of the command
 * @param place The host of the releases, and the folder of installed versions
 * @returns What was done
 * @throws {KitError} Whatever made it impossible; the version before is in use then
 */
export async function performUpdate(
  context: Context,
  place: { readonly host: ReleaseHost; readonly folder: string },
): Promise<DoneUpdate | PlannedUpdate | StayedUpdate> {
  const start = performance.now();
  const { flags, display, signal } = context;
  const { host, folder } = place;
  const asked = flags.version === undefined ? null : parseReleaseVersion(flags.version).tag;
  const keys = await requireKeys(flags);
  using _hold = await holdRollback(folder, "self-update");
  await settleInterrupted(context, folder);
  const { current, form } = await readCurrent(folder);
  const from = current ?? "nothing";
  const chosen = asked ?? await chooseTag(context, host, current ?? NOTHING);
  if (typeof chosen !== "string" || chosen === `v${current}`) {
    if (!flags.dryRun) await removeDownloads(folder);
    return typeof chosen === "string" ? stay(from, `${current} is in use already`) : { ...chosen, current: from };
  }
  const release = await fetchRelease(host, { from: flags.from, tag: chosen, keys, signal });
  const program = programFor(release, form);
  noteOlderCatalog(context, release);
  const isInstalled = await isReleaseInstalled(folder, release);
  const facts = { from: current, to: chosen, folder, keyId: release.keyId };
  if (flags.dryRun) {
    return { action: "plan", ...facts, program: program.name, sizeBytes: program.sizeBytes, isInstalled };
  }
  await removeDownloads(folder, { except: chosen });
  const got = isInstalled ? NOT_FETCHED : await download(context, { ...place, tag: chosen, program });
  try {
    if (asked === null && !isInstalled) await assertStillOffered(context, host, chosen);
    const { checks } = await installUpdate({ folder, release, program, form, from }, {
      path: got.path,
      library: rollbackLibrary,
      tryDownload,
      signal,
      onStep: (text) => display.log(text),
    });
    const { fetchedBytes, resumedBytes } = got;
    const undo = undoCommand(context, folder);
    return {
      action: "done",
      ...facts,
      undo,
      fetchedBytes,
      resumedBytes,
      checks,
      durationMs: performance.now() - start,
    };
  } finally {
    await removeDownloads(folder);
  }
}

/** The command that goes back; it has to name a folder that is not the usual one. */
function undoCommand({ env }: Context, folder: string): string {
  const usual = env("HOME") === undefined ? null : installFolder({ env });
  if (usual === folder) return "civitai-dl rollback undo";
  return `civitai-dl rollback undo --prefix ${quotePath(folder)}`;
}

/** Precedes every version: where no version is in use, any one is newer. */
const NOTHING = "0.0.0-0";

async function requireKeys(flags: UpdateFlags): Promise<readonly ReleaseKey[]> {
  const named = flags.key ?? [];
  if (named.length > 0) return await Promise.all(named.map((key) => readReleaseKey(key)));
  const keys = await parseReleaseKeys(KEYS);
  if (keys.length > 0) return keys;
  throw new KitError("unsafe", `Cannot update: version ${VERSION} has no key of its maintainers to verify a download`, {
    hint: "They have not made one yet. In a checkout, git pull and then civitai-dl install add TAG --switch; without " +
      `one, take a file from ${flags.from}, and check it as docs/releases.md says`,
  });
}

const NOT_FETCHED = { path: null, fetchedBytes: 0, resumedBytes: 0 };

async function download(
  { flags, display, signal }: Context,
  wanted: {
    readonly host: ReleaseHost;
    readonly folder: string;
    readonly tag: string;
    readonly program: ReleaseProgram;
  },
): Promise<DownloadedProgram> {
  const { host, folder, tag, program } = wanted;
  const { name, sizeBytes } = program;
  display.log(`Downloading ${name} of ${tag} (${formatSize(sizeBytes)})`);
  let bytes = 0;
  using _area = display.openStatus({
    lines: () => [`${renderBar(bytes / sizeBytes, 30)} ${formatSize(bytes)} of ${formatSize(sizeBytes)}`],
    summary: () => `${formatSize(bytes)} of ${formatSize(sizeBytes)}`,
  });
  const onProgress = (count: number): void => {
    bytes = count;
  };
  return await downloadProgram(host, { from: flags.from, tag, program, folder, onProgress, signal });
}

/** Put back what a killed update or rollback left. */
async function settleInterrupted({ flags, display }: Context, folder: string): Promise<void> {
  const { journal, setAside } = await readRollbackJournal(folder);
  if (setAside !== null) {
    display.notice(`warning: The record of the last update or rollback was damaged; it is now ${setAside}`);
  }
  if (!isSuspended(journal)) return;
  display.notice(`note: ${await settleRollback(journal, { repo: undefined, dryRun: flags.dryRun })}`);
}

/** The tag to take, by the list of releases and `--now`; the result of the command if there is none. */
async function chooseTag(context: Context, host: ReleaseHost, current: string): Promise<string | StayedUpdate> {
  const { take, newest, reason } = await adviseRelease(context, { host, current });
  const chosen = context.flags.now ? newest : take;
  if (chosen !== null) return parseReleaseVersion(chosen.version).tag;
  const how = newest === null ? reason : `${reason}; --now takes it all the same`;
  return { ...stay(current, how), newest: newest?.version ?? null };
}

function stay(current: string, reason: string): StayedUpdate {
  return { action: "stay", current, take: null, newest: null, reason };
}

function programFor({ tag, programs }: VerifiedRelease, form: InstallForm): ReleaseProgram {
  const name = form === "bundle" ? BUNDLE_NAME : executableName(Deno.build.target);
  const program = programs.find((one) => one.name === name);
  if (program !== undefined) return program;
  throw new KitError("failed", `Cannot update to ${tag}: it has no file ${name} for this system`, {
    hint: `It has ${programs.map((one) => one.name).join(", ")}; ` +
      shell`build it in a checkout: civitai-dl install add ${tag}`,
  });
}

/** A program refuses a catalog of another version. */
function noteOlderCatalog({ display }: Context, { tag, catalogVersion }: VerifiedRelease): void {
  if (catalogVersion >= CATALOG_VERSION) return;
  display.notice(`note: ${tag} reads catalogs of version ${catalogVersion}, and refuses those that this version wrote`);
}
