import { renderCommandLine } from "../../lib/cli/mod.ts";
import type { Step } from "../../lib/git/mod.ts";

/** Say what a step of an operation does. */
export function describeStep(step: Step): string {
  switch (step.type) {
    case "merge":
      return step.message.split("\n")[0]!;
    case "commit":
      return `Commit ${step.files.map(({ path }) => path).join(", ")}`;
    case "check":
      return `Check with ${renderCommandLine(step.command)}${
        step.isOnlyForResolved === true ? ", if conflicts were resolved" : ""
      }`;
    case "tag":
      return `Tag ${step.name}`;
    case "refs":
    case "push": {
      const names = step.changes.map(({ ref }) => ref.replace(/^refs\/(heads|tags)\//, "")).join(", ");
      return step.type === "push" ? `Push ${names} to ${step.remote}` : `Move ${names}`;
    }
    case "track":
      return `Let ${step.branch} follow ${step.remote}`;
    case "switch":
      return `Switch to ${step.branch}`;
    case "act":
      return step.text;
  }
}
