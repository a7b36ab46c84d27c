/**
 * Bundles the program into one file and runs it in an empty folder with an empty cache.
 *
 * Bounds: `--version`, `--help`, `demo` and a download work there, and every file is right.
 * Takes half a minute: `deno run -q -P=acceptance tests/acceptance/bundle.ts`
 *
 * @module
 */
import { tryBundle } from "../integration/scenarios/bundle.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const figures = await tryBundle({ withDemo: true });
  reportFigures(figures, [
    { name: "--version", isMet: figures.isVersionRight },
    { name: "--help", isMet: figures.helpLines > 10 },
    { name: "demo in 30 s", isMet: figures.demo?.code === 0 && figures.demo.seconds < 30 },
    { name: "download", isMet: figures.downloadCode === 0 && figures.right === figures.files },
  ]);
}
