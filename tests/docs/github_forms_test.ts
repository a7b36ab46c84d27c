import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { readYaml } from "../../lib/config/mod.ts";

const GITHUB = fileURLToPath(new URL("../../.github/", import.meta.url));

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly options?: readonly unknown[]; readonly render?: string };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Field[];
}

async function readFile(path: string): Promise<unknown> {
  const { value, mistakes } = readYaml(await Deno.readTextFile(`${GITHUB}${path}`));
  assertEquals(mistakes, [], path);
  return value;
}

for (const name of ["bug.yml", "idea.yml", "slow.yml"]) {
  Deno.test(`issue form ${name}: GitHub accepts it`, async () => {
    const form = await readFile(`ISSUE_TEMPLATE/${name}`) as Form;
    assert(form.name.length > 0 && form.description.length > 0);
    const ids = form.body.map(({ id }) => id);
    assertEquals(new Set(ids).size, ids.length);
    for (const { type, id, attributes } of form.body) {
      assert(["textarea", "input", "dropdown"].includes(type), type);
      assert(/^[\w-]+$/.test(id ?? "") && (attributes.label ?? "") !== "", `${id}`);
      // GitHub refuses options that are not text, such as a bare Yes.
      const options = attributes.options ?? [];
      assertEquals(type === "dropdown", options.length > 0, id);
      assert(options.every((option) => typeof option === "string"), id);
    }
  });
}

Deno.test("issue forms and the template of pull requests name only tasks that exist", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${GITHUB}../deno.json`)) as { tasks: Record<string, unknown> };
  const files = [
    "ISSUE_TEMPLATE/bug.yml",
    "ISSUE_TEMPLATE/idea.yml",
    "ISSUE_TEMPLATE/slow.yml",
    "pull_request_template.md",
  ];
  for (const file of files) {
    const text = await Deno.readTextFile(`${GITHUB}${file}`);
    const named = [...text.matchAll(/(?:deno task|civitai-dl) ([a-z][a-z-]+)/g)].map(([, task]) => task!);
    assertEquals(named.filter((task) => tasks[task] === undefined), [], file);
  }
});

Deno.test("dependabot.yml updates the actions and the base of the image every week", async () => {
  const { version, updates } = await readFile("dependabot.yml") as {
    readonly version: number;
    readonly updates: readonly { readonly "package-ecosystem": string; readonly directory: string }[];
  };
  assertEquals([version, updates.map((one) => one["package-ecosystem"])], [2, ["github-actions", "docker"]]);
});
