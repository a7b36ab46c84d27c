import { fileURLToPath } from "node:url";

/** Options of {@linkcode importsOf}. */
export interface ImportsOfOptions {
  /** Whether an import is followed; `from` is a path from the root. */
  readonly follows: (edge: { readonly from: string; readonly isDynamic: boolean }) => boolean;
}

/** Return what modules of this repository import, transitively: paths from the root, including the entries. */
export async function importsOf(
  entries: readonly string[],
  { follows }: ImportsOfOptions,
): Promise<readonly string[]> {
  const root = new URL("../../", import.meta.url).href;
  const files = new Set<string>();
  const open = entries.map((entry) => `${root}${entry}`);
  const modules = new Map<string, { dependencies?: { code?: { specifier?: string }; isDynamic?: boolean }[] }>();
  for (const entry of entries) {
    const args = ["info", "--json", fileURLToPath(new URL(entry, root))];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
    for (const one of JSON.parse(new TextDecoder().decode(stdout)).modules) modules.set(one.specifier, one);
  }
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (!url.startsWith(root) || files.has(url)) continue;
    files.add(url);
    const from = url.slice(root.length);
    for (const { code, isDynamic = false } of modules.get(url)?.dependencies ?? []) {
      if (code?.specifier !== undefined && follows({ from, isDynamic })) open.push(code.specifier);
    }
  }
  return [...files].map((url) => url.slice(root.length)).sort();
}
