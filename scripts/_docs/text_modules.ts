import { join } from "node:path";
import { textLiteral } from "./text_literal.ts";

/** A constant that holds a file, or the files of a folder, as text. */
interface TextConstant {
  /** What the texts are, as the docstring of the constant. */
  readonly about: string;
  /** Name of the constant. */
  readonly name: string;
  /** Its files, relative to the root: one file for a text, a folder for a record of the texts of its files. */
  readonly source: string;
}

/** Modules by their path from the root. Imports of text would be simpler, but a registry of packages may refuse them. */
const MODULES: Readonly<Record<string, readonly TextConstant[]>> = {
  "lib/library/content/_file_hash_worker.ts": [
    {
      about: "Source of the worker that hashes files of the library.",
      name: "FILE_HASH_WORKER",
      source: "lib/library/content/file_hash_worker.js",
    },
  ],
  "lib/transfer/part/_hash_worker.ts": [
    {
      about: "Source of the worker that hashes files under way.",
      name: "HASH_WORKER",
      source: "lib/transfer/part/hash_worker.js",
    },
  ],
  "lib/monitor/server/_page_files.ts": [
    { about: "The files of the live page by their names.", name: "PAGE_FILES", source: "lib/monitor/page/" },
  ],
  "scripts/_frame/built_in_files.ts": [
    { about: "The alert rules without a file of one's own.", name: "BUILT_IN_RULES", source: "config/alerts.yml" },
    { about: "The branch strategy of other repositories.", name: "BUILT_IN_STRATEGY", source: "config/branches.yml" },
    {
      about: "The plan of a rollout without a file of one's own.",
      name: "BUILT_IN_PLAN",
      source: "config/rollout.yml",
    },
  ],
};

/**
 * Write the modules of texts, so that the program has them without a file beside it.
 *
 * @param root Folder of the checkout
 * @param made Texts of files that are generated too, by their paths from the root
 * @returns The modules by their paths from the root, not formatted
 */
export async function textModules(
  root: string,
  made: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  const modules: Record<string, string> = {};
  for (const [path, parts] of Object.entries(MODULES)) {
    const sources = parts.map(({ source }) => source);
    const constants = await Promise.all(parts.map((part) => constantOf(part, { root, made })));
    modules[path] = [
      `// Written by \`deno task docs\` from ${sources.join(", ")}; do not edit.`,
      "// deno-fmt-ignore-file",
      ...constants,
      "",
    ].join("\n");
  }
  return modules;
}

async function constantOf({ about, name, source }: TextConstant, places: Places): Promise<string> {
  const { root } = places;
  const head = `\n/** ${about} */\nexport const ${name}`;
  if (!source.endsWith("/")) return `${head}: string = ${await literalOf(source, places)};`;
  const files = (await Array.fromAsync(Deno.readDir(join(root, source)))).map((file) => file.name).toSorted();
  const entries = await Promise.all(
    files.map(async (file) => `  ${JSON.stringify(file)}: ${await literalOf(`${source}${file}`, places)},`),
  );
  return `${head}: Readonly<Record<string, string>> = {\n${entries.join("\n")}\n};`;
}

async function literalOf(path: string, { root, made }: Places): Promise<string> {
  return textLiteral(made[path] ?? await Deno.readTextFile(join(root, path)));
}

interface Places {
  readonly root: string;
  readonly made: Readonly<Record<string, string>>;
}
