import { expressionsIn } from "./expressions.ts";
import type { AuditFacts } from "./audit_facts.ts";
import type { RuleFinding } from "./finding.ts";
import type { Workflow, WorkflowStep } from "./workflow.ts";

/** Values that somebody outside can choose, such as the name of a branch, or that are made of them. */
const FOREIGN =
  /\b(?:github\.event\.|inputs\.|github\.head_ref|github\.base_ref|github\.ref|steps\.[\w-]+\.outputs|needs\.[\w-]+\.outputs)/;

interface Script {
  readonly step: WorkflowStep;
  readonly text: string;
  readonly key: readonly string[];
}

function scriptsOf({ jobs }: Workflow): readonly Script[] {
  return jobs.flatMap((job) => job.steps).flatMap((step) => [
    { step, text: step.run, key: ["run"] },
    { step, text: String(step.with.script ?? ""), key: ["with", "script"] },
  ]).filter(({ text }) => text !== "");
}

/** `script-injection`: GitHub pastes an expression into the script, so a branch's name can be a command. */
export function findInjections(workflow: Workflow): readonly RuleFinding[] {
  return scriptsOf(workflow).flatMap(({ step, text, key }) =>
    expressionsIn(text).filter((expression) => FOREIGN.test(expression)).map((expression) => ({
      line: workflow.lineOf([...step.path, ...key], expression),
      message: `The script contains \${{ ${expression} }}, so whoever chooses that text can run commands`,
      hint: `Pass it by env:, such as VALUE: \${{ ${expression} }}, and write "$VALUE" in the script`,
    }))
  );
}

/** `unknown-task`: the task was renamed or removed. */
export function findUnknownTasks(workflow: Workflow, { tasks }: AuditFacts): readonly RuleFinding[] {
  return scriptsOf(workflow).flatMap(({ step, text, key }) =>
    [...text.matchAll(/\bdeno task (?:-\S+ )*([\w:-]+)/g)].filter(([, task]) => !tasks.includes(task!)).map((
      [whole, task],
    ) => ({
      line: workflow.lineOf([...step.path, ...key], whole),
      message: `deno.json has no task "${task}"`,
      hint: "deno task lists them",
    }))
  );
}

/** `tolerated-failure`: a step that cannot fail proves nothing. */
export function findToleratedFailures(workflow: Workflow): readonly RuleFinding[] {
  const findings: RuleFinding[] = [];
  for (const one of workflow.jobs.flatMap((job) => [job, ...job.steps])) {
    const value = one.fields["continue-on-error"];
    // A matrix may have a part that is only a preview, such as the next version of Deno.
    if (value === undefined || value === false || /\bmatrix\./.test(String(value))) continue;
    findings.push({
      line: workflow.lineOf([...one.path, "continue-on-error"]),
      message: "continue-on-error: its failure is not seen",
      hint: "Remove it; only a part of a matrix may be a preview: continue-on-error: ${{ matrix.preview }}",
    });
  }
  const usual = /"shell":"bash\b/.test(JSON.stringify(workflow.fields.defaults ?? {}));
  for (const step of workflow.jobs.flatMap((job) => job.steps)) {
    const { shell } = step.fields;
    const isBash = shell === undefined ? usual : /^bash\b/.test(String(shell));
    const isPipefail = isBash || /\bset -\w*o pipefail\b/.test(step.run);
    for (const line of step.run.replaceAll("\\\n", "  ").split("\n")) {
      const problem = describeTolerance(line.trim(), step.run, isPipefail);
      if (problem === null) continue;
      const within = line.slice(0, line.indexOf("  ") === -1 ? undefined : line.indexOf("  ")) || line;
      findings.push({ line: workflow.lineOf([...step.path, "run"], within.trim()), ...problem });
    }
  }
  return findings;
}

/** The exit code of a judge without enough evidence. */
const INCONCLUSIVE = "3";

function describeTolerance(
  line: string,
  script: string,
  isPipefail: boolean,
): Pick<RuleFinding, "message" | "hint"> | null {
  if (line.startsWith("#")) return null;
  if (/^set \+\w*e/.test(line)) {
    return { message: "set +e: failures of the lines below are not seen", hint: "Remove it" };
  }
  const piped = /\b(deno (?:task|run|test|ci)\b[^|]*)\|(?!\|)/.exec(line);
  if (piped !== null && !isPipefail) {
    return {
      message: `A pipe hides the exit code of "${piped[1]!.trim()}"`,
      hint: "Write shell: bash, which sets pipefail, or write to a file",
    };
  }
  const accepted = /^(?:if|elif|\[|test)\b.*"?\$\{?\w+\}?"? (?:-eq|=|==) "?([0-9]+)/.exec(line)?.[1];
  if (accepted !== undefined && !["0", INCONCLUSIVE].includes(accepted) && /=\$\?/.test(script)) {
    const hint = `Only ${INCONCLUSIVE}, which says that nothing was proven, may be neutral`;
    return { message: `The script treats exit code ${accepted} in a way of its own`, hint };
  }
  if (/^(?:if|elif|while|until|\[)\s/.test(line)) return null;
  for (const rest of line.split("||").slice(1)) {
    if (/^\s*(?:exit ["$1-9]|\{.*\bexit ["$1-9])/.test(rest)) continue;
    const kept = /^\s*(\w+)=\$\?/.exec(rest)?.[1];
    if (kept !== undefined && new RegExp(`^\\s*exit "\\$${kept}"`, "m").test(script)) continue;
    return {
      message: `"||${rest.trimEnd()}" tolerates a failure`,
      hint: 'Remove it, or keep the code (|| code=$?) and end with exit "$code"',
    };
  }
  return null;
}
