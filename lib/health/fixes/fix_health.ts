import { join } from "node:path";
import { acquireLock, type Clock, restrictPermissions, setAside } from "../../base/mod.ts";
import { STATE_FOLDER } from "../../library/mod.ts";

import { RolloutStore } from "../../rollout/mod.ts";
import { isTooOpen, listPrivatePaths } from "../checks/permissions.ts";
import type { HealthPlace } from "../health_check.ts";
import { readStateFiles } from "../state_files.ts";

/** Something that can be put right without losing anything. */
export interface HealthFix {
  /** The check that found it. */
  readonly check: "permissions" | "state";
  /** The file or folder, absolute. */
  readonly path: string;
  /** What is or would be done, as a sentence. */
  readonly action: string;
  /** The same for a Japanese reader. */
  readonly ja: { readonly action: string };
  /** How it ended; `planned` with `--dry-run`. */
  readonly outcome: "planned" | "done" | "failed";
  /** Why it failed. */
  readonly problem: string | null;
}

/** Options of {@linkcode fixHealth}. */
export interface FixHealthOptions {
  /** Only list what would be done. */
  readonly isDryRun: boolean;
  /** Names of the checks whose findings are to be fixed. */
  readonly checks: ReadonlySet<string>;
}

/** Where {@linkcode fixHealth} works: library, logs, key files, clock. */
export type FixHealthPlace = Pick<HealthPlace, "library" | "logs" | "key" | "clock">;

interface Repair extends Pick<HealthFix, "check" | "path" | "action" | "ja"> {
  readonly run: () => Promise<void>;
}

/**
 * Put right what is safe: take permissions of other users away, and set corrupt state files aside, each by the room that
 * owns it. Nothing is deleted. Nothing happens while a run holds the library.
 *
 * @param place Library, logs and key files
 * @param options Whether to do it, and for which checks
 * @returns Each fix and how it ended
 * @throws {KitError} `unsafe` if a run holds the library
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { systemClock } from "../../base/mod.ts";
 * import { fixHealth } from "../mod.ts";
 *
 * const library = await Deno.makeTempDir();
 * const place = { library, logs: `${library}/logs`, key: { isPresent: false, problem: null, files: [] }, clock: systemClock };
 * assertEquals(await fixHealth(place, { isDryRun: true, checks: new Set(["state"]) }), []);
 * await Deno.remove(library);
 * ```
 */
export async function fixHealth(place: FixHealthPlace, options: FixHealthOptions): Promise<readonly HealthFix[]> {
  const { isDryRun, checks } = options;
  const repairs = [
    ...checks.has("permissions") || checks.has("key") ? await permissionRepairs(place) : [],
    ...checks.has("state") ? await stateRepairs(place) : [],
  ];
  const describe = ({ check, path, action, ja }: Repair) => ({ check, path, action, ja });
  if (isDryRun) return repairs.map((repair) => ({ ...describe(repair), outcome: "planned", problem: null }));
  if (repairs.length === 0) return [];
  using _lock = repairs.some(({ check }) => check === "state")
    ? await acquireLock(join(place.library, STATE_FOLDER, "lock"), { command: "health-check --fix" })
    : null;
  const fixes: HealthFix[] = [];
  for (const repair of repairs) {
    try {
      await repair.run();
      fixes.push({ ...describe(repair), outcome: "done", problem: null });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      fixes.push({ ...describe(repair), outcome: "failed", problem });
    }
  }
  return fixes;
}

async function permissionRepairs(place: FixHealthPlace): Promise<readonly Repair[]> {
  return (await listPrivatePaths(place)).filter((path) => isTooOpen(path) && path.isOwn).map((entry) => {
    const { path, mode, allowed } = entry;
    return {
      check: "permissions",
      path,
      action: `change its mode from ${octal(mode!)} to ${octal(mode! & allowed)}`,
      ja: { action: `アクセス権を ${octal(mode!)} から ${octal(mode! & allowed)} に変更` },
      run: () => Promise.resolve(restrictPermissions(path, allowed)),
    };
  });
}

async function stateRepairs({ library, clock }: FixHealthPlace): Promise<readonly Repair[]> {
  const files = await readStateFiles({ library, clock }).catch((error) => {
    // A file in the place of the folder may be anything: its owner moves it.
    if (error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  });
  const folder = join(library, STATE_FOLDER, "state");
  return (files ?? []).filter(({ verdict }) => verdict === "corrupt").map(({ name }) => ({
    check: "state",
    path: join(folder, name),
    action: `rename it to ${name}.corrupt`,
    ja: { action: `${name}.corrupt に名前を変更` },
    run: () => setAsideByOwner({ folder, name, clock }),
  }));
}

/** Let the owner of a state file set it aside, because it may have to leave a trace of what was lost. */
async function setAsideByOwner(
  { folder, name, clock }: {
    readonly folder: string;
    readonly name: string;
    readonly clock: Clock;
  },
): Promise<void> {
  const onWarning = (): void => {};
  switch (name) {
    case "rollout.json":
      await new RolloutStore(folder, { command: "health-check --fix", clock, onWarning }).read();
      return;
    default:
      await setAside(join(folder, name));
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
