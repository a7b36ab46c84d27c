import { type Column, createPaint, type Paint, type RenderOptions, renderTable, textWidth } from "../../lib/cli/mod.ts";
import { INTERRUPTED } from "../../lib/git/mod.ts";
import type { BranchStatus, PhaseState, PhaseStatus, StrategyStatus } from "../../lib/release/mod.ts";
import type { BranchChange, BranchOverview } from "./branch_actions.ts";

const STATES: Readonly<Record<Exclude<PhaseState, "waiting">, string>> = {
  ready: "may begin",
  open: "open",
  integrated: "in develop",
  finished: "finished",
  released: "released",
};

/** Render phases, branches and what can be done next. */
export function renderBranchStatus(status: BranchOverview, { width, color }: RenderOptions): string {
  const paint = createPaint({ color });
  const parts = [
    renderDamaged(status.damaged, paint),
    renderOperation(status, paint),
    renderTable(status.phases, PHASE_COLUMNS, { width, paintTitle: paint.bold }),
    renderTable(status.branches, branchColumns(status, width), { width, paintTitle: paint.bold }),
    renderNext(status, paint),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

const PHASE_COLUMNS: readonly Column<PhaseStatus>[] = [
  { title: "Phase", value: ({ phase }) => phase },
  { title: "Version", value: ({ version }) => version },
  { title: "State", value: describePhase },
  { title: "Branch", value: ({ branch, state }) => state === "ready" || state === "waiting" ? "" : branch },
  { title: "Tag", value: ({ tag }) => tag ?? "" },
  { title: "About", value: ({ title }) => title },
];

function describePhase({ phase, state }: PhaseStatus): string {
  return state === "waiting" ? `waits for phase ${phase - 1}` : STATES[state];
}

/** Columns besides the name, cut to the least, and the gaps before them. */
const OTHER_COLUMNS = 3 * (8 + 2);

/** A name is cut last of all: without their ends, those of phases would be the same. */
function branchColumns(
  { remote, current, branches }: StrategyStatus,
  width = Infinity,
): readonly Column<BranchStatus>[] {
  const longest = branches.reduce((most, { name }) => Math.max(most, textWidth(`  ${name}`)), 8);
  return [
    {
      title: "Branch",
      value: ({ name }) => name === current ? `* ${name}` : `  ${name}`,
      minWidth: Math.max(8, Math.min(longest, width - OTHER_COLUMNS)),
    },
    { title: "Commit", value: ({ local, remote: there }) => (local ?? there)!.slice(0, 8), minWidth: 8 },
    { title: `Here and on ${remote}`, value: (branch) => describePosition(branch, remote) },
    { title: "Commits", value: describeCommits },
  ];
}

function describeCommits({ commits, from }: BranchStatus): string {
  return from === null ? "" : `${commits} since ${from}`;
}

function describePosition({ local, remote, ahead, behind }: BranchStatus, name: string): string {
  if (local === null) return `only on ${name}`;
  if (remote === null) return "only here";
  if (ahead > 0 && behind > 0) return `diverged: ${ahead} here, ${behind} there`;
  if (ahead > 0) return `${ahead} not pushed`;
  return behind > 0 ? `${behind} behind` : "the same";
}

/** Name the damaged file of an operation of which nothing else is known; empty if there is none. */
function renderDamaged(damaged: string | null, paint: Paint): string {
  if (damaged === null) return "";
  return `${
    paint.bold("Damaged:")
  } the file of the last operation, ${damaged}. Compare branches and tags with those of ` +
    "the remote, then delete it; git worktree list names the temporary tree that it may have left\n";
}

/** Render where an operation stands that has not ended; empty if there is none. */
function renderOperation({ operation, runner }: StrategyStatus, paint: Paint): string {
  if (operation === null) return "";
  const { command, at, steps, reason } = operation;
  if (runner !== null) {
    const who = `process ${runner.pid}, since ${runner.since}`;
    return `${paint.bold("Running:")} ${command}, ${at} of ${steps.length} steps (${who})\n`;
  }
  const why = reason ?? INTERRUPTED;
  return `${paint.bold("Not ended:")} ${command}, ${at} of ${steps.length} steps: ${why}\n`;
}

function renderNext({ next, isOffline, remote }: StrategyStatus, paint: Paint): string {
  const lines = next.length === 0
    ? ["Nothing is waiting to be done."]
    : [paint.bold("Next"), ...next.flatMap(({ command, why }) => [`  ${command}`, `    ${why}`])];
  if (isOffline) lines.push(`The branches of ${remote} are those of the last fetch.`);
  return lines.map((line) => `${line}\n`).join("");
}

/** Render a change that was made, or the commands that would make it. */
export function renderBranchChange(change: BranchChange): string {
  const { action, command, summary, notes, script, merged, undo } = change;
  if (action === "dry-run") return `# ${command}: ${summary}\n${notes.map((note) => `# ${note}\n`).join("")}${script}`;
  if (action === "undo") return [`Undone: ${command}`, ...notes].map((line) => `${line}\n`).join("");
  const lines = [
    `${summary}: done`,
    ...merged.length === 0 ? [] : [merged.map(({ name, sha }) => `${name} is now ${sha.slice(0, 12)}`).join(", ")],
    ...notes,
    ...undo === null ? [] : [undo],
  ];
  return lines.map((line) => `${line}\n`).join("");
}
