import { join } from "node:path";
import { formatCount, formatSize } from "../../lib/base/mod.ts";
import { padText, renderTable, textWidth, wrapText } from "../../lib/cli/mod.ts";
import type {
  DocumentFile,
  DocumentVersion,
  ModelDocument,
  ModelMatch,
  ModelPermissions,
} from "../../lib/downloader/mod.ts";

/** One model, and what of it the target names. */
export interface ShownModel {
  /** Absolute path of the library. */
  readonly library: string;
  /** Id of the version that the target names; `null` for the whole model. */
  readonly versionId: number | null;
  /** Key of the file that the target names; `null` for all. */
  readonly fileKey: string | null;
  readonly model: ModelDocument;
}

/** The models of which the target is a part of the name. */
export interface ShownMatches {
  readonly matches: readonly ModelMatch[];
}

interface View {
  readonly width: number;
}

const WHOLE: View = { width: Infinity };
const NESTED = { indent: "    " };

/** Prompts of a version that are shown, and characters of each; a picture may have thousands. */
const MAX_PROMPTS = 3;
const MAX_PROMPT_CHARS = 300;
/** Matches that are listed; --json has all. */
const MAX_MATCHES = 50;

/** Render the models that a word may mean, each with the id by which it is named. */
export function renderMatches({ matches }: ShownMatches, { width }: View): string {
  const table = renderTable(matches.slice(0, MAX_MATCHES), [
    { title: "MODEL", value: ({ id }) => id, align: "right" },
    { title: "FILES", value: ({ files }) => files, align: "right" },
    { title: "TYPE", value: ({ type }) => type ?? "" },
    { title: "CREATOR", value: ({ creator }) => creator ?? "" },
    { title: "NAME", value: ({ name }) => name },
  ], { width });
  const rest = matches.length - MAX_MATCHES;
  return rest > 0 ? `${table}and ${rest} more; write more of the name, or see --json\n` : table;
}

/** Render one model: what is true of it as a whole, then its versions, the newest first. */
export function renderModel(shown: ShownModel, view: View): string {
  const { model, library, versionId } = shown;
  const { name, type, creator, removedAt } = model;
  const held = model.versions.filter(isHeld);
  const files = held.flatMap((version) => version.files).filter(({ state }) => state === "done").length;
  const lines = [
    `${name} (${[type, creator === null ? "" : `by ${creator}`].filter((word) => word !== "").join(" ")})`,
    ...labelled([
      ["model", `model:${model.id}`],
      ["page", model.url],
      ["removed", removedAt === null ? "" : `on Civitai, found on ${dayOf(removedAt)}; what the library has is kept`],
      ["base model", [...new Set(model.versions.map(({ base }) => base))].join(", ")],
      ["tags", model.tags.join(", ")],
      ["licence", describePermissions(model.permissions)],
      ["versions", `${held.length} in the library, ${model.versions.length} known`],
      ["on disk", files === 0 ? "nothing" : `${formatCount(files, "file")}, ${formatSize(model.bytes)}`],
    ], view),
    ...labelled([["folder", model.folder === null ? "" : join(library, model.folder)]], WHOLE),
  ];
  for (const version of model.versions) {
    // Whoever names a version wants to see it, and the others only by their names.
    const isWhole = versionId === null ? isHeld(version) : version.id === versionId;
    lines.push(...isWhole ? ["", ...renderVersion(version, shown, view)] : [headOf(version)]);
  }
  return `${lines.join("\n")}\n`;
}

function isHeld({ held, files }: DocumentVersion): boolean {
  return held || files.some(({ path }) => path !== null);
}

function headOf({ id, name, base, publishedAt, removedAt, held }: DocumentVersion): string {
  const published = publishedAt === null ? [] : [`published ${dayOf(publishedAt)}`];
  const removed = removedAt === null ? [] : [`removed on Civitai, found on ${dayOf(removedAt)}`];
  return [name, `version:${id}`, base, ...published, ...removed, ...held ? [] : ["not in the library"]].join(", ");
}

function renderVersion(version: DocumentVersion, { fileKey, library }: ShownModel, view: View): readonly string[] {
  const files = version.files.filter(({ key }) => fileKey === null || key === fileKey);
  const prompts = version.pictures.map(({ prompt }) => prompt?.replaceAll(/\s+/g, " ").trim() ?? "")
    .filter((prompt) => prompt !== "");
  return [
    headOf(version),
    ...labelled([
      ["page", version.url],
      ["trigger", version.words.join(", ")],
      ...[...new Set(prompts)].slice(0, MAX_PROMPTS).map((prompt) => ["prompt", cut(prompt)] as const),
    ], view),
    ...files.flatMap((file) => renderFile(file, library, view)),
  ];
}

function renderFile(file: DocumentFile, library: string, view: View): readonly string[] {
  const { name, id, type, state, bytes, sha256, hashes, path } = file;
  const facts = [type ?? "", bytes === null ? "" : formatSize(bytes), `file ${id}`].filter((word) => word !== "");
  if (state === "absent") return [`  ${name}: ${["not in the library", ...facts].join(", ")}`];
  const why = whyOf(file);
  const published = Object.entries(hashes).filter(([kind]) => kind !== "SHA256" || sha256 === null);
  return [
    `  ${name}: ${why === "" ? state : `${state} (${why})`}`,
    ...labelled([["file", facts.join(", ")]], view, NESTED),
    // Not wrapped: a path is copied as a whole.
    ...labelled([["path", path === null ? "" : join(library, path)], ["sha256", sha256 ?? ""]], WHOLE, NESTED),
    ...labelled([["hashes", published.map(([kind, hash]) => `${kind} ${hash}`).join(", ")]], view, NESTED),
  ];
}

/** The outcome and the reason, where the state does not say it. */
function whyOf({ state, outcome, reason, removedAt }: DocumentFile): string {
  if (removedAt !== null && state === "done") return "removed, kept";
  return [outcome, reason].filter((word) => word !== null && word !== state && word !== "already there").join(": ");
}

/** Say what may be done with a model, in words; what Civitai does not say is left out. */
function describePermissions({ credit, commercial, derivatives, relicense }: ModelPermissions): string {
  const words = [
    credit === null ? "" : `credit ${credit ? "required" : "not required"}`,
    commercial === null ? "" : `commercial use: ${commercial.length === 0 ? "none" : commercial.join(", ")}`,
    derivatives === null ? "" : `merges ${derivatives ? "may" : "may not"} be shared`,
    relicense === null ? "" : `merges ${relicense ? "may" : "may not"} have other permissions`,
  ];
  return words.filter((word) => word !== "").join("; ");
}

/** Width of the column of labels. */
const LABEL_WIDTH = 12;

/** Lines of labels and texts, without those that are empty; a long text goes on below itself. */
function labelled(
  entries: readonly (readonly [label: string, text: string])[],
  { width }: View,
  { indent = "  " }: { readonly indent?: string } = {},
): readonly string[] {
  const rest = " ".repeat(LABEL_WIDTH);
  return entries.filter(([, text]) => text !== "").flatMap(([label, text]) => {
    const room = width - indent.length - LABEL_WIDTH;
    const lines = textWidth(text) <= room ? [text] : wrapText(text, Math.max(20, room));
    return lines.map((line, index) => `${indent}${index === 0 ? padText(label, LABEL_WIDTH) : rest}${line}`);
  });
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_PROMPT_CHARS ? text : `${characters.slice(0, MAX_PROMPT_CHARS).join("")}…`;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
