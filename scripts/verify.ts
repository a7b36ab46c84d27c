import { EXIT_CODES, formatCount, formatSize, KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, type Outcome, withExit } from "../lib/cli/mod.ts";
import {
  describeRebuild,
  FINISH_REBUILD,
  isCatalogLost,
  judgeVerify,
  type Library,
  noteRebuild,
  type NoteRun,
  noteVerify,
  openLibrary,
  rebuildCatalog,
  type RebuildSummary,
  startRebuild,
  unfinishedRebuild,
  verifyLibrary,
  type VerifyProgress,
  type VerifyResult,
} from "../lib/downloader/mod.ts";
import { CLIENT_FLAGS, FORGET_FLAGS, LIBRARY_FLAGS } from "./_frame/flags.ts";
import { explainVerify } from "./_download/explain_verify.ts";
import { runScript } from "./_frame/run_script.ts";
import { recordCommand } from "./_frame/library/record_command.ts";
import { chooseLibrary } from "./_frame/library/choose_library.ts";
import { openSession } from "./_frame/session.ts";

/** Verdicts that are shown only if their count is not 0. */
const RARE: ReadonlySet<string> = new Set(["flagged", "unreadable"]);

const FLAGS = [
  { name: "deep", type: "boolean", summary: "Read every byte and compare the SHA-256" },
  {
    name: "rebuild",
    setting: "none",
    type: "boolean",
    summary: "Rebuild a lost or corrupt catalog from sidecars and hashes; add missing files to an intact one",
  },
  { name: "offline", type: "boolean", summary: "With --rebuild: use the sidecars only, not the API" },
  { name: "mark", type: "boolean", summary: "Mark broken files for repair", default: true },
  ...LIBRARY_FLAGS,
  ...FORGET_FLAGS,
  ...CLIENT_FLAGS,
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `verify` command: checks the library, and rebuilds its catalog with `--rebuild`. */
export const command = defineCommand({
  name: "verify",
  group: "Library",
  permissions: "library",
  summary: "Check the library against its catalog",
  description:
    "Compares size and date, which takes a moment. --deep reads every byte, locates damage in blocks of 16 MiB, and " +
    "reports pickles that would import anything not known to be harmless. Broken files are marked for repair; nothing is " +
    "deleted. --rebuild trusts a sidecar that has the SHA-256 of its file, and looks up the other files; without " +
    "network it restores what sidecars say, and the catalog counts as unfinished until --rebuild has run to its end with " +
    "network, or with --offline.",
  flags: FLAGS,
  excludes: [["base-url", "sandbox"]],
  examples: [
    { command: "civitai-dl verify --deep -o ~/models", summary: "Read every byte" },
    { command: "civitai-dl verify --rebuild", summary: "After catalog.db was lost" },
    { command: "civitai-dl verify --rebuild --offline", summary: "The same without network" },
  ],
  exits: {
    1: "A file cannot be read or was flagged by --deep, or part of an API response could not be read during --rebuild",
    6: "Files could not be looked up during --rebuild",
    7: "Something is missing, changed or corrupt, or a rebuild is unfinished",
  },
  async run(context) {
    const { flags, signal, display } = context;
    const path = chooseLibrary(context);
    const rebuilt = flags.rebuild ? await rebuild(context, path) : null;
    using library = await openLibrary(path, {
      command: "verify",
      waitMs: flags.wait,
      mustExist: true,
      signal,
      onUnwritable: () =>
        display.notice("warning: the library is read-only: results are not saved, and nothing is marked for repair"),
      // The result says it.
      onUnfinished: () => {},
    });
    return await recordCommand(
      context,
      library,
      { command: "verify" },
      (note) => verify({ library, note, rebuilt }, context),
    );
  },
  render(result: VerifyResult) {
    const { rebuilt, unfinished, verified } = result;
    const { counts, bytesRead, parts, stale, unknown, own, orphans, replaced, corrupted } = verified;
    const lines = rebuilt === null ? [] : [...rebuiltLines(rebuilt)];
    const shown = Object.entries(counts).filter(([verdict, found]) => !RARE.has(verdict) || found > 0);
    lines.push(
      `${formatCount(verified.files, "file")}: ${shown.map(([verdict, found]) => `${found} ${verdict}`).join(", ")}` +
        (bytesRead > 0 ? `; ${formatSize(bytesRead)} read` : ""),
    );
    if (replaced.count > 0) {
      const files = formatCount(replaced.count, "file was", "files were");
      lines.push(
        `${files} replaced on Civitai and ${replaced.count === 1 ? "is" : "are"} not fetched yet: ${
          firstPaths(replaced)
        }`,
        "The old content stays until civitai-dl update has the new one",
      );
    }
    if (corrupted.count > 0) {
      lines.push(
        `${formatCount(corrupted.count, "file was", "files were")} corrupt when downloaded, and ${
          corrupted.count === 1 ? "is" : "are"
        } not in the library: ${firstPaths(corrupted)}`,
        "Fetch them again with: civitai-dl repair",
      );
    }
    if (parts.count > 0) lines.push(`${formatCount(parts.count, "part")} (${formatSize(parts.bytes)}) to resume`);
    if (stale.count > 0) {
      lines.push(`${formatCount(stale.count, "left-over file")} that can be deleted: ${firstPaths(stale)}`);
    }
    if (unknown.count > 0) {
      lines.push(
        `${formatCount(unknown.count, "model file is", "model files are")} not in the catalog: ${firstPaths(unknown)}`,
      );
    }
    if (own.count > 0) {
      const paths = own.files.map(({ path, target }) => target === null ? path : `${path} (${target})`);
      lines.push(
        own.count === 1
          ? `1 model file is your own version of one from Civitai, which goes beside it: ${paths[0]}`
          : `${own.count} model files are your own versions of some from Civitai, which go beside them: ${
            firstPaths({ ...own, paths })
          }`,
      );
    }
    if (orphans.count > 0) {
      const sidecars = formatCount(orphans.count, "sidecar has", "sidecars have");
      lines.push(`${sidecars} no model file beside ${orphans.count === 1 ? "it" : "them"}: ${firstPaths(orphans)}`);
    }
    if (unfinished !== null) {
      lines.push(`${capitalize(describeRebuild(unfinished))}; until it is finished, update and repair refuse it`);
      lines.push(FINISH_REBUILD);
    } else if (isCatalogLost(result)) {
      lines.push("The catalog has none of the files: rebuild it with: civitai-dl verify --rebuild");
    } else if (unknown.count > 0 && rebuilt === null) {
      lines.push("Find out what they are with: civitai-dl verify --rebuild");
    }
    if (counts.missing + counts.changed + counts.corrupt > 0) lines.push("Repair them with: civitai-dl repair");
    if (counts.missing > 0) {
      lines.push(
        "A file that you deleted counts as missing: repair, update and download fetch it again. To do without it: " +
          "civitai-dl forget, with the path of the file or its model",
      );
    }
    if (counts.unreadable > 0) {
      lines.push("Unreadable files were not checked: make them readable for this user, and verify again");
    }
    if (counts.flagged > 0) {
      lines.push("Flagged files stay where they are: load them only if you trust who made them, or delete them");
    }
    return `${lines.join("\n")}\n`;
  },
});

/** A library that is being verified. */
interface VerifiedPlace {
  readonly library: Library;
  readonly note: NoteRun;
  /** What a rebuild found before; `null` without one. */
  readonly rebuilt: RebuildSummary | null;
}

async function verify({ library, note, rebuilt }: VerifiedPlace, context: CommandContext<Flags>): Promise<Outcome> {
  const { flags, signal, display } = context;
  let at: VerifyProgress | null = null;
  // The line is made when it is drawn, which is far more rarely than a small file is checked.
  using area = display.openStatus({
    lines: () =>
      at === null ? [] : [`${at.files}/${at.totalFiles} files, ${formatSize(at.bytesRead)} read: ${at.path}`],
  });
  const verified = await verifyLibrary(library, {
    deep: flags.deep,
    markBroken: flags.mark,
    signal,
    onProgress(progress) {
      at = progress;
      area.refresh();
    },
    onProblem: (problem) => display.log(`${problem.verdict}: ${problem.path}: ${problem.reason}`),
  });
  note(noteVerify(verified));
  const result: VerifyResult = { rebuilt, unfinished: unfinishedRebuild(library.catalog), verified };
  const code = judgeVerify(result);
  return withExit(result, code === null ? 0 : EXIT_CODES[code], explainVerify(result));
}

/** Up to three paths, and how many more there are. */
function firstPaths({ count, paths }: RebuildSummary["unknown"]): string {
  const shown = paths.slice(0, 3);
  return count > shown.length ? `${shown.join(", ")} and ${count - shown.length} more, see --json` : shown.join(", ");
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const MAX_NAMED = 20;

function rebuiltLines(rebuilt: RebuildSummary): readonly string[] {
  const { restored, files, fromSidecars, known, copies, unknown, unreadable, pictures, restoredImages } = rebuilt;
  const { notLookedUp, lookUpFailure, own } = rebuilt;
  const counts = [
    `Rebuilt: ${restored} of ${formatCount(files, "model file")}`,
    `${fromSidecars} from their sidecars`,
    `${unknown.count} unknown`,
    ...(own.count > 0 ? [`${own.count} your own`] : []),
    ...(notLookedUp.count > 0 ? [`${notLookedUp.count} not looked up`] : []),
    ...(known > 0 ? [`${known} already in the catalog`] : []),
    ...(restoredImages > 0 ? [formatCount(restoredImages, "posted image")] : []),
    ...(copies.count > 0 ? [formatCount(copies.count, "duplicate")] : []),
    ...(unreadable.count > 0 ? [`${unreadable.count} unreadable`] : []),
  ];
  const lines = [counts.join(", "), ...pathLines("Unknown", unknown), ...pathLines("Unreadable", unreadable)];
  lines.push(...pathLines("Duplicate", copies), ...pathLines("Not looked up", notLookedUp));
  if (lookUpFailure !== null) {
    lines.push(
      `${lookUpFailure.message}; ${
        notLookedUp.count > 0 ? "the sidecars identified the other files" : "the sidecars identified all files"
      }`,
    );
  }
  for (const { name, reason } of rebuilt.skippedResponses) lines.push(`Skipped API entry: ${name}: ${reason}`);
  if (pictures.count > 0) {
    lines.push(
      `${formatCount(pictures.count, "picture")} (${
        formatSize(pictures.bytes)
      }) will be added to the catalog by the next download`,
    );
  }
  return lines;
}

function pathLines(what: string, { count, paths }: RebuildSummary["unknown"]): readonly string[] {
  const shown = paths.slice(0, MAX_NAMED).map((path) => `${what}: ${path}`);
  return count > shown.length ? [...shown, `${what}: ${count - shown.length} more, see --json`] : shown;
}

async function rebuild(context: CommandContext<Flags>, path: string): Promise<RebuildSummary> {
  const { flags, signal, display } = context;
  try {
    await Deno.stat(path);
  } catch (error) {
    throw new KitError("usage", `Cannot rebuild "${path}": no such folder`, {
      hint: "Set --output to the folder of the library",
      cause: error,
    });
  }
  // A mistake in the network flags must not leave an empty catalog.
  let isTold = false;
  await using session = await openSession(context, {
    // A rebuild goes on without the API, and can be finished later.
    unansweredRetries: 2,
    onRetry({ message }) {
      if (isTold) return;
      isTold = true;
      display.notice(
        `warning: ${message}; trying again, then only sidecars identify files`,
      );
    },
  });
  const aside = await startRebuild(path);
  if (aside !== null) display.log(`The old catalog is now ${aside}`);
  using library = await openLibrary(path, {
    command: "verify --rebuild",
    waitMs: flags.wait,
    signal,
  });
  return await recordCommand(context, library, { command: "verify --rebuild" }, async (note) => {
    using area = display.openStatus();
    const rebuilt = await rebuildCatalog(library, flags.offline ? null : session.client, {
      signal,
      onLookUpFailure(message) {
        const state = `${message}; going on without the API: only sidecars identify files`;
        if (!flags.offline) display.notice(`warning: ${state}`);
      },
      onProgress: (at) =>
        area.update([`${at.restored}/${at.files} files, ${formatSize(at.bytesRead)} read: ${at.path}`]),
    });
    note(noteRebuild(rebuilt));
    return rebuilt;
  });
}

if (import.meta.main) await runScript(command);
