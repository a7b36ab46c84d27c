/** A package from npm of which the bundle contains files. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder in Deno's cache of npm packages, such as `registry.example/zod/4.6.7`. */
  readonly folder: string;
}

/**
 * List the packages of a bundle. Before each module, `deno bundle` writes a comment with the place of its file; that of a
 * package is in Deno's cache.
 *
 * @param bundle The text of the bundle
 * @returns Each package once, sorted by name and version
 */
export function listBundledPackages(bundle: string): readonly BundledPackage[] {
  const places = bundle.matchAll(
    /^\s*\/\/ \S*[/\\]npm[/\\](([^/\\\s]+)[/\\]((?:@[^/\\\s]+[/\\])?[^/\\\s]+)[/\\](\d[^/\\\s]*))[/\\]/gm,
  );
  const found = new Map<string, BundledPackage>();
  for (const [, folder, , name, version] of places) {
    found.set(folder!, { name: name!.replace("\\", "/"), version: version!, folder: folder!.replaceAll("\\", "/") });
  }
  return [...found.values()].toSorted((a, b) => a.folder < b.folder ? -1 : 1);
}
