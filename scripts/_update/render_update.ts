import { formatDuration, formatSize } from "../../lib/base/mod.ts";
import type { CheckedUpdate, DoneUpdate, PlannedUpdate, UpdateResult } from "./update_result.ts";

/** Render the result of `self-update`. */
export function renderUpdate(result: UpdateResult): string {
  switch (result.action) {
    case "check":
      return renderCheck(result);
    case "stay":
      return `Stay with ${result.current}: ${result.reason}\n`;
    case "plan":
      return renderPlan(result);
    case "done":
      return renderDone(result);
  }
}

function renderCheck({ current, take, reason, command }: CheckedUpdate): string {
  if (take === null) return `Stay with ${current}: ${reason}\n`;
  return `Take ${take} (this is ${current}): ${reason}\nUpdate with: ${command}\n`;
}

function renderPlan({ from, to, program, sizeBytes, keyId, isInstalled, folder }: PlannedUpdate): string {
  const get = isInstalled ? `${to} is installed already` : `Download ${program} (${formatSize(sizeBytes)})`;
  const kept = from === null ? "" : `; ${from} stays installed`;
  return [
    `From ${from ?? "nothing"} to ${to}, signed with key ${keyId}; nothing is changed:`,
    `1. ${get}`,
    "2. Verify version and self-test",
    `3. Switch the installed version in ${folder}, and start it${kept}`,
  ].map((line) => `${line}\n`).join("");
}

function renderDone(
  { from, to, folder, undo, keyId, fetchedBytes, resumedBytes, checks, durationMs }: DoneUpdate,
): string {
  const width = Math.max(...checks.map(({ name }) => name.length), "signed".length);
  const resumed = resumedBytes === 0 ? "" : `, ${formatSize(resumedBytes)} were there already`;
  const lines = [
    { name: "signed", detail: `with key ${keyId}; downloaded ${formatSize(fetchedBytes)}${resumed}` },
    ...checks,
  ];
  const end = from === null ? [`Add ${folder}/bin to PATH`] : [`Back again to ${from}: ${undo}`];
  return [
    `${from === null ? `Installed ${to}` : `Updated from ${from} to ${to}`}, in ${formatDuration(durationMs)}:`,
    ...lines.map(({ name, detail }) => `  ${name.padEnd(width)}  ${detail}`),
    `In use now: ${folder}/bin/civitai-dl; programs that run keep their version until they end`,
    ...end,
  ].map((line) => `${line}\n`).join("");
}
