/**
 * Fetches 300 models from nginx, one file of 2 GiB among them.
 *
 * Bounds: the SHA-256 of the library's tree is that of what nginx serves; the program never holds more than 160 MB.
 * Needs nginx and 7 GB of disk; takes about a minute: `deno run -q -P=acceptance tests/acceptance/large_library.ts`
 *
 * @module
 */
import { fetchLargeLibrary } from "../integration/scenarios/large_library.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  if (await hasProgram("nginx", "-v")) {
    const figures = await fetchLargeLibrary({
      models: numberFlag("models", 300),
      largestBytes: numberFlag("largest", 2 ** 31),
      otherBytes: 8 << 20,
    });
    reportFigures(figures, [
      { name: "exit code 0", isMet: figures.code === 0 },
      { name: "the trees are equal", isMet: figures.sourceTree === figures.libraryTree },
      { name: "every file right", isMet: figures.right === figures.files },
      { name: "at most 160 MB", isMet: figures.peakRssBytes > 0 && figures.peakRssBytes <= 160_000_000 },
      { name: "no key at nginx", isMet: figures.authorizations === 0 },
    ]);
  } else tellProgress("Skipped: this machine has no nginx (Debian: apt-get install nginx)");
}
