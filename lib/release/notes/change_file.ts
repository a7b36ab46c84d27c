import * as z from "zod";
import { KitError } from "../../base/mod.ts";
import { checkShape, ConfigError, type ConfigMistake, Mistakes, readYaml } from "../../config/mod.ts";

/** Folder of the changes that no release has yet, from the root of the repository. */
export const CHANGES_FOLDER = "changes";
/** Says in that folder how a change is written; it is none itself. */
const README = "README.md";

/** Kinds of changes, in the order of the changelog: those of Keep a Changelog, in lower case. */
const CHANGE_KINDS = ["added", "changed", "deprecated", "removed", "fixed", "security"] as const;

/** A change that users notice, as in `changes/retry-after.md`. */
export interface Change {
  /** Path of its file, from the root of the repository. */
  readonly path: string;
  /** What kind of change it is. */
  readonly kind: "added" | "changed" | "deprecated" | "removed" | "fixed" | "security";
  /** What users notice, in Markdown. */
  readonly text: string;
}

/** A file of the folder of changes. */
export interface ChangeFile {
  /** Path from the root of the repository, with `/`. */
  readonly path: string;
  /** Its content; `null` if it is no regular file. */
  readonly text: string | null;
}

const FENCE = "---";
const EXAMPLE = "Write ---, kind: fixed, --- in three lines, then what users notice";
const MAX_NAME = 80;

const frontSchema = z.strictObject({ kind: z.enum(CHANGE_KINDS) });

/**
 * Parse the files of the folder of changes. `README.md` is left out.
 *
 * @param files The files, in any order
 * @returns The changes, sorted by path
 * @throws {KitError} `usage` with file, line and column of every mistake
 */
export function parseChanges(files: readonly ChangeFile[]): readonly Change[] {
  const changes: Change[] = [];
  const errors: KitError[] = [];
  const sorted = files.toSorted((a, b) => a.path < b.path ? -1 : 1);
  for (const file of sorted.filter(({ path }) => path !== `${CHANGES_FOLDER}/${README}`)) {
    try {
      changes.push(parseChange(file));
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      errors.push(error);
    }
  }
  const [first, ...others] = errors;
  if (first === undefined) return changes;
  if (others.length === 0) throw first;
  const lines = errors.map(({ message, hint }) => hint === undefined ? message : `${message} (${hint})`);
  throw new KitError("usage", lines.join("\n"), { cause: first });
}

/**
 * Parse one change: `---`, `kind: KIND`, `---`, then Markdown that becomes an entry of the changelog.
 *
 * @param file The file
 * @returns The change
 * @throws {ConfigError} With the line and column of each mistake
 */
function parseChange({ path, text }: ChangeFile): Change {
  const name = path.slice(CHANGES_FOLDER.length + 1);
  if (text === null || !/^[a-z0-9][a-z0-9-]*\.md$/.test(name) || name.length > MAX_NAME) {
    throw new KitError("usage", `Cannot use ${path}: a change is a file with a name such as retry-after.md`, {
      hint: "Use small letters, digits and hyphens, at most 80 characters; the name says what it is about",
    });
  }
  const lines = text.split(/\r?\n/);
  if (lines[0] !== FENCE) throw mistakeAt(path, 1, 'the first line is not "---"', EXAMPLE);
  const end = lines.indexOf(FENCE, 1);
  if (end < 0) throw mistakeAt(path, lines.length, 'no second line "---" ends the front matter', EXAMPLE);
  // The first line stays, so that the numbers of lines are those of the file.
  const yaml = readYaml([FENCE, ...lines.slice(1, end)].join("\n"));
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(path);
  if (yaml.value === null) {
    throw mistakeAt(path, 1, "the kind is missing", `Write kind: and one of ${CHANGE_KINDS.join(", ")}`);
  }
  const front = checkShape(frontSchema, yaml.value, mistakes);
  mistakes.throwIfAny(path);
  const body = lines.slice(end + 1);
  const first = body.findIndex((line) => line.trim() !== "");
  if (first < 0) throw mistakeAt(path, end + 1, "the text is missing", "Say below what users notice");
  checkText(path, body, { offset: end + 1, first });
  return { path, kind: front!.kind, text: body.slice(first).join("\n").trimEnd() };
}

interface TextPlace {
  /** Number of lines above the text. */
  readonly offset: number;
  /** Index of the first line with words. */
  readonly first: number;
}

/** Refuse what would break the list that the text becomes an entry of. */
function checkText(path: string, body: readonly string[], { offset, first }: TextPlace): void {
  if (/^\s*([-*+]|\d+[.)]) /.test(body[first]!)) {
    throw mistakeAt(
      path,
      offset + first + 1,
      "the text begins as a list",
      "Write one change without a dash; another is another file",
    );
  }
  const mistakes: ConfigMistake[] = [];
  let fence: string | null = null;
  for (const [index, line] of body.entries()) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) fence = fence === null ? mark : null;
    if (fence !== null || !/^#{1,6}(\s|$)/.test(line)) continue;
    mistakes.push({
      line: offset + index + 1,
      column: 1,
      message: "a change has no headings",
      hint: "The changelog has one for each kind",
    });
  }
  if (mistakes.length > 0) throw new ConfigError(path, mistakes);
}

function mistakeAt(path: string, line: number, message: string, hint: string): ConfigError {
  return new ConfigError(path, [{ line, column: 1, message, hint }]);
}

/**
 * Write changes as the body of a section of the changelog: a heading for each kind, in the order of Keep a Changelog, and
 * below it one entry for each change, in their order.
 *
 * @param changes The changes
 * @returns Markdown; empty without changes
 */
export function renderChanges(changes: readonly Change[]): string {
  return CHANGE_KINDS.flatMap((kind) => {
    const entries = changes.filter((change) => change.kind === kind).map(({ text }) => renderEntry(text));
    return entries.length === 0 ? [] : [`### ${kind[0]!.toUpperCase()}${kind.slice(1)}`, entries.join("\n")];
  }).join("\n\n");
}

function renderEntry(text: string): string {
  return text.split("\n").map((line, index) => {
    if (index === 0) return `- ${line.trimStart()}`;
    return line === "" ? "" : `  ${line}`;
  }).join("\n");
}
