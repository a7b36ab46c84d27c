import type { AuditFacts } from "./audit_facts.ts";
import type { RuleFinding } from "./finding.ts";
import type { Workflow, WorkflowStep } from "./workflow.ts";

/** Actions of this repository, which are part of the commit. */
const isLocal = (uses: string) => uses.startsWith("./");

interface Used {
  readonly step: WorkflowStep;
  readonly line: number;
  readonly action: string;
  readonly ref: string;
  /** The version in the comment on the line; empty if there is none. */
  readonly version: string;
}

function usedActions({ jobs, text, lineOf }: Workflow): readonly Used[] {
  const lines = text.split("\n");
  const steps = jobs.flatMap((job) => job.steps).filter(({ uses }) => uses !== "" && !isLocal(uses));
  return steps.map((step) => {
    const line = lineOf([...step.path, "uses"]);
    const [action = "", ref = ""] = step.uses.split("@");
    const version = /#\s*(v\d+\.\d+\.\d+)\s*$/.exec(lines[line - 1] ?? "")?.[1] ?? "";
    return { step, line, action, ref, version };
  });
}

const isCommit = (ref: string) => /^[0-9a-f]{40}$/.test(ref);

/** `unpinned-action`: a tag or branch can be moved to other code; a full commit cannot. */
export function findUnpinnedActions(workflow: Workflow): readonly RuleFinding[] {
  return usedActions(workflow).filter(({ ref, version }) => !isCommit(ref) || version === "").map(
    ({ step, line, ref }) => ({
      line,
      message: isCommit(ref)
        ? `"${step.uses}" does not say which version the commit is`
        : `"${step.uses}" is not pinned to a commit: whoever can move "${ref}" can run code here`,
      hint: "Write the full commit, and the version in a comment: @0123… # v1.2.3",
    }),
  );
}

/** `unknown-pin`: commit and version must be a pair that somebody checked and entered in the list. */
export function findUnknownPins(workflow: Workflow, { pins }: AuditFacts): readonly RuleFinding[] {
  return usedActions(workflow).filter(({ ref, version }) => isCommit(ref) && version !== "").flatMap(
    ({ line, action, ref, version }) => {
      const listed = pins[action]?.[version];
      if (listed === ref) return [];
      const real = Object.entries(pins[action] ?? {}).find(([, commit]) => commit === ref)?.[0];
      const message = real !== undefined
        ? `The comment says ${version}, but the commit of "${action}" is ${real}`
        : listed === undefined
        ? `${version} of "${action}" is not in .github/action-pins.json`
        : `${version} of "${action}" is the commit ${listed}, not ${ref}`;
      const hint = "Check the commit on the action's page of tags, then correct it here or in .github/action-pins.json";
      return [{ line, message, hint }];
    },
  );
}
