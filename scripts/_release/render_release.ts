import { type Column, createPaint, type Paint, type RenderOptions, renderTable } from "../../lib/cli/mod.ts";
import type { LineStatus, ReleaseStatus, SurveyedTag } from "../../lib/release/mod.ts";
import type { AgreedVersion, ReleaseChange } from "./release_actions.ts";
import { renderBranchChange } from "../_branch/render_branches.ts";

/** Render lines of versions, tags and what can be done next. */
export function renderReleaseStatus(status: ReleaseStatus, { width, color }: RenderOptions): string {
  const paint = createPaint({ color });
  const parts = [
    renderTable(status.lines, lineColumns(status), { width, paintTitle: paint.bold }),
    renderTable(status.tags, TAG_COLUMNS, { width, paintTitle: paint.bold }),
    renderNext(status, paint),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function lineColumns({ lines }: ReleaseStatus): readonly Column<LineStatus>[] {
  return [
    { title: "Versions", value: ({ name }) => `${name}.x` },
    { title: "Phase", value: ({ phase }) => phase ?? "" },
    { title: "Released", value: ({ released }) => released ?? "no" },
    { title: "State", value: (line) => describeState(line, lines[lines.indexOf(line) - 1]) },
    { title: "About", value: ({ title }) => title },
  ];
}

function describeState(line: LineStatus, before: LineStatus | undefined): string {
  const { state, phase, open, branch, tag, released, lacksPhase } = line;
  switch (state) {
    case "waits":
      return `waits for ${before!.name}.x`;
    case "phase":
      return `waits for phase ${phase}`;
    case "ready":
      return "may be prepared";
    case "open":
      return `${tag ?? open} on ${branch}${lacksPhase && released === null ? `, waits for phase ${phase}` : ""}`;
    case "released":
      return lacksPhase ? `released without phase ${phase}` : "released";
  }
}

const TAG_COLUMNS: readonly Column<SurveyedTag>[] = [
  { title: "Tag", value: ({ version }) => version.tag },
  { title: "Stage", value: ({ version }) => version.stage },
  { title: "Commit", value: ({ commit }) => commit.slice(0, 12) },
  { title: "Where", value: describePlace },
];

function describePlace({ isLocal, isRemote, isDifferent }: SurveyedTag): string {
  if (isDifferent) return "here another one than there";
  if (isRemote === null) return "here";
  if (isRemote) return isLocal ? "here and there" : "only there";
  return "only here";
}

function renderNext({ next, isOffline, remote }: ReleaseStatus, paint: Paint): string {
  const lines = next.flatMap(({ command, why }) => command === null ? [`  ${why}`] : [`  ${command}`, `    ${why}`]);
  return [
    ...lines.length === 0 ? ["Nothing waits to be released."] : [paint.bold("Next"), ...lines],
    ...isOffline ? [`The branches and tags of ${remote} are those of the last fetch.`] : [],
  ].map((line) => `${line}\n`).join("");
}

/** Render the version on which everything agrees, and who gets it. */
export function renderAgreement({ agreed, isNewest, newest }: AgreedVersion): string {
  const isBehind = !isNewest && newest !== null && !agreed.includes("-");
  const rest = isBehind ? `${newest} stays the newest version: ${agreed} is of an older line\n` : "";
  return `Tag, deno.json, changelog, manual page and program say ${agreed}\n${rest}`;
}

/** Render a step that was taken, or the commands that would take it. */
export function renderReleaseChange(change: ReleaseChange): string {
  const next = change.action === "dry-run" ? [] : ["What is next: civitai-dl release"];
  return renderBranchChange({ ...change, notes: [...change.notes, ...next] });
}
