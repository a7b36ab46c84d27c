import { type Bilingual, formatCount, quoteWord } from "../../base/mod.ts";
import { join, sep } from "node:path";
import { STATE_FOLDER } from "../../library/mod.ts";
import { METRIC_JOURNAL_NAME } from "../../metrics/mod.ts";
import { defineCheck, finding, type HealthFinding, type HealthPlace } from "../health_check.ts";
import { fileInTheWay, findFileInTheWay } from "../file_in_the_way.ts";

/** A file or folder that should be private. */
export interface PrivatePath {
  readonly path: string;
  /** Permissions that it has; `null` if it cannot be examined. */
  readonly mode: number | null;
  /** Whether it belongs to this user, or nobody can tell. */
  readonly isOwn: boolean;
  /** Whether this user may read it. */
  readonly isReadable: boolean;
}

export const PERMISSIONS_CHECK = defineCheck({
  name: "permissions",
  ja: "アクセス権",
  touches: "state",
  problem: "disk",
  measure: async (place) => ({ inTheWay: await findFileInTheWay(place), paths: await listPrivatePaths(place) }),
  judge: ({ inTheWay, paths }) => inTheWay === null ? judgePermissions(paths) : fileInTheWay(inTheWay),
});

/** List everything that the program keeps private, with the permissions that it has. */
export async function listPrivatePaths(
  { library, logs, key }: Pick<HealthPlace, "library" | "logs" | "key">,
): Promise<readonly PrivatePath[]> {
  const home = join(library, STATE_FOLDER);
  const folders = [home, join(home, "state"), join(home, "state", "active")];
  // A folder named "logs" may be somebody else's.
  const isOurs = await exists(join(logs, METRIC_JOURNAL_NAME)) || await exists(join(logs, "download.log"));
  if (isOurs) folders.push(logs);
  const found: PrivatePath[] = [];
  for (const folder of folders) {
    const info = await examine(folder);
    if (info === null) continue;
    found.push(info);
    for (const name of await filesIn(folder)) {
      const file = await examine(join(folder, name));
      if (file !== null) found.push(file);
    }
  }
  for (const path of key.files) {
    const file = await examine(path);
    if (file !== null) found.push(file);
  }
  return found;
}

/** Examine one path; `null` if there is nothing, or a link, which the program does not follow here. */
async function examine(path: string): Promise<PrivatePath | null> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    return { path, mode: null, isOwn: true, isReadable: false };
  }
  if (!info.isFile && !info.isDirectory) return null;
  const uid = Deno.build.os === "windows" ? null : Deno.uid();
  const isOwn = uid === null || uid === 0 || info.uid === uid;
  return {
    path,
    mode: info.mode === null ? null : info.mode & 0o777,
    isOwn,
    isReadable: await isReadable(path),
  };
}

async function isReadable(path: string): Promise<boolean> {
  try {
    (await Deno.open(path, { read: true })).close();
    return true;
  } catch (error) {
    // Windows opens no folders.
    return !(error instanceof Deno.errors.PermissionDenied) || Deno.build.os === "windows";
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).filter(({ isFile }) => isFile).map(({ name }) => name)
      .toSorted();
  } catch {
    // The folder itself is reported as not readable.
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Whether other users have any permission. */
function isOpen({ mode }: PrivatePath): boolean {
  return Deno.build.os !== "windows" && mode !== null && (mode & 0o077) !== 0;
}

/** Judge the permissions. Files of another user or without read permission stop runs; open ones only show too much. */
export function judgePermissions(paths: readonly PrivatePath[]): HealthFinding {
  if (paths.length === 0) {
    return finding("skipped", {
      en: "there is neither a library nor a log yet",
      ja: "ライブラリもログもまだありません",
    });
  }
  const refused = paths.filter((path) => !path.isReadable || !path.isOwn);
  const unreadable = refused.map(({ path }) => path);
  const open = paths.filter(isOpen).map(({ path }) => path);
  const figures = { examined: paths.length, unreadable, open };
  if (unreadable.length > 0) {
    const which = some(unreadable);
    return finding("disk", {
      en: `${unreadable.length} not this user's own or not readable: ${which.en}`,
      ja: `所有者が違うか、読み取れないものが ${unreadable.length} 件あります: ${which.ja}`,
    }, {
      ...openUp(refused),
      figures,
    });
  }
  if (open.length === 0) {
    return finding("ok", {
      en: `${formatCount(paths.length, "file or folder is", "files and folders are")} private`,
      ja: `${paths.length} 件すべて非公開です`,
    }, { figures });
  }
  const which = some(open);
  return finding("open-files", {
    en: `other users can use ${open.length}: ${which.en}`,
    ja: `ほかのユーザーがアクセスできるものが ${open.length} 件あります: ${which.ja}`,
  }, {
    values: { FOLDER: outermost(open).map(quoteWord).join(" ") },
    figures,
  });
}

/** Foreign files need their owner changed; this user's own only lack the permission. */
function openUp(paths: readonly PrivatePath[]): Pick<HealthFinding, "next" | "then"> {
  const command = (words: string, some: readonly PrivatePath[]): string | null =>
    some.length === 0 ? null : `${words} ${some.map(({ path }) => quoteWord(path)).join(" ")}`;
  const chown = command('sudo chown "$(id -un)"', paths.filter(({ isOwn }) => !isOwn));
  const chmod = command("chmod u+rwX", paths.filter(({ isOwn }) => isOwn));
  return { next: chown ?? chmod, then: chown === null ? null : chmod };
}

/** Leave out the paths that lie in another one. */
function outermost(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}${sep}`)));
}

function some(paths: readonly string[]): Bilingual {
  const shown = paths.slice(0, 2);
  const rest = paths.length - shown.length;
  return {
    en: `${shown.join(", ")}${rest === 0 ? "" : ` and ${rest} more`}`,
    ja: `${shown.join("、")}${rest === 0 ? "" : ` ほか ${rest} 件`}`,
  };
}
