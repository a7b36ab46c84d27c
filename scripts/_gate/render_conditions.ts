import { formatDuration } from "../../lib/base/mod.ts";
import { renderTable } from "../../lib/cli/mod.ts";
import type { ExplainedCondition } from "../../checks/mod.ts";
import type { EvidenceDemand, GateCondition, GatePhase } from "../../lib/gate/mod.ts";

/** Describe the source of a condition's numbers in a few words. */
export function describeSource({ source }: GateCondition): string {
  if (source.type === "check") return `check ${source.name}`;
  return `${source.demand.schema}: ${source.claims.join(", ")}`;
}

/** Render everything about one condition. */
export function renderExplanation({ condition, phase }: ExplainedCondition): string {
  const { id, title, source, require, minCount, counted, isQuick, timeoutMs, command } = condition;
  const facts: (readonly [string, string])[] = [
    ["In phase", `${phase}; added by phase ${condition.phase}`],
    ["Quick", isQuick ? "yes" : "no"],
    ["Required", require?.text ?? "what the report itself requires"],
    ["From", describeSource(condition)],
  ];
  if (source.type === "check") {
    facts.push(["With", JSON.stringify(source.parameters)], ["Fails after", formatDuration(timeoutMs)]);
  } else {
    facts.push(["Accepted if", describeDemand(source.demand)], ["Fails also by", describeRefuters(source.demand)]);
  }
  facts.push(["Rests on", `at least ${`${minCount} ${counted}`.trim()}`]);
  if (command !== "") facts.push(["Command", command]);
  return `${id}: ${title}\n${facts.map(([name, text]) => `  ${`${name}:`.padEnd(18)}${text}\n`).join("")}`;
}

function describeDemand(demand: EvidenceDemand): string {
  const { sameCommit, sameMachine, maxAgeMs, minDurationMs, maxPauseMs, where, proofWhere } = demand;
  return [
    "it is complete",
    ...sameCommit ? ["its commit is this one, or none of the sources of such reports differs from it"] : [],
    ...sameMachine ? ["it is of this machine"] : [],
    ...Object.entries({ ...where, ...proofWhere }).map(([path, values]) => `its ${path} is ${values.join(" or ")}`),
    ...maxAgeMs === null ? [] : [`it is ${formatDuration(maxAgeMs)} old at most`],
    ...minDurationMs === 0 ? [] : [`it worked for ${formatDuration(minDurationMs)} or more`],
    ...maxPauseMs === null ? [] : [`it paused for ${formatDuration(maxPauseMs)} at most`],
  ].join(", ");
}

/** Describe which reports that prove nothing make the condition fail. */
function describeRefuters({ where, whereOf }: EvidenceDemand): string {
  const describe = (choice: EvidenceDemand["where"]) => {
    const fields = Object.entries(choice).map(([path, values]) => `${path} is ${values.join(" or ")}`);
    return fields.length === 0 ? "with any settings" : `whose ${fields.join(", ")}`;
  };
  const own = Object.entries(whereOf).map(([claim, choice]) => `; ${claim} in one ${describe(choice)}`);
  return `a failed claim of a report ${describe(where)}, also of a short or unfinished one${own.join("")}`;
}

/** Render the conditions of a phase as a table. */
export function renderConditions(phase: GatePhase, width: number): string {
  return `Phase ${phase.name}: ${phase.title}\n\n${
    renderTable(phase.conditions, [
      { title: "Condition", value: (one) => one.id, minWidth: 22 },
      { title: "Of phase", value: (one) => one.phase },
      { title: "Quick", value: (one) => one.isQuick ? "yes" : "" },
      { title: "Required", value: (one) => one.require?.text ?? "–" },
      { title: "From", value: describeSource },
    ], { width })
  }`;
}
