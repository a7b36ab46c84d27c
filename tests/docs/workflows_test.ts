import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { WORKFLOW_RULES } from "../../checks/workflows/audit_workflow.ts";
import { readWorkflow } from "../helpers/workflows/read_workflow.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

for (const page of ["docs/workflows.md", "docs/ja/workflows.md"]) {
  const text = await Deno.readTextFile(`${ROOT}${page}`);

  Deno.test(`${page} lists the rules of the audit in their order`, () => {
    const listed = [...text.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, rule]) => rule);
    assertEquals(listed, [...Object.keys(WORKFLOW_RULES), "not-a-workflow"]);
  });

  Deno.test(`${page} names every workflow, and every job of ci.yml`, async () => {
    const named = new Set([...text.matchAll(/\]\(\S*\.github\/workflows\/(\w+\.yml)\)/g)].map(([, name]) => name!));
    const files = [];
    for await (const { name } of Deno.readDir(`${ROOT}.github/workflows`)) files.push(name);
    assertEquals([...named].toSorted(), files.toSorted());
    const { jobs } = await readWorkflow("ci.yml");
    assertEquals(jobs.map(({ id }) => id).filter((id) => !text.includes(`\`${id}\``)), []);
  });
}
