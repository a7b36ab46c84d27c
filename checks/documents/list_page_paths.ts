import { walk } from "@std/fs";

/** Pages outside of docs/. */
const ROOT_PAGES = [
  "README.md",
  "README.ja.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "SECURITY.ja.md",
];

/**
 * List the Markdown pages of the documentation: those of docs/, and those at the root.
 *
 * @returns Paths relative to the root, with forward slashes, sorted
 */
export async function listPagePaths(): Promise<readonly string[]> {
  const paths = [...ROOT_PAGES];
  for await (const { path } of walk("docs", { includeDirs: false, exts: [".md"] })) {
    paths.push(path.replaceAll("\\", "/"));
  }
  return paths.toSorted();
}
