import { fileURLToPath } from "node:url";
import { parseWorkflow } from "../../../checks/workflows/parse_workflow.ts";
import type { Workflow } from "../../../checks/workflows/workflow.ts";

/** Read a workflow of this repository by the name of its file. */
export async function readWorkflow(name: string): Promise<Workflow> {
  const path = fileURLToPath(new URL(`../../../.github/workflows/${name}`, import.meta.url));
  const workflow = parseWorkflow(await Deno.readTextFile(path), name);
  if (!("jobs" in workflow)) throw new TypeError(`${name} is not a workflow: ${JSON.stringify(workflow)}`);
  return workflow;
}
