/**
 * Takes the pictures of the live page that the documentation shows: what it says in five states, in both themes and
 * languages, wide and on a phone.
 *
 * Needs Chromium and fonts with Japanese (Debian: apt-get install chromium fonts-noto-cjk pngquant); writes docs/images/monitor-*.png:
 * `deno run -q -P=acceptance tests/acceptance/monitor_screenshots.ts [FOLDER] [STATE]`
 *
 * @module
 */
import type { StatusDocument } from "../../lib/monitor/mod.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { Browser, findBrowser } from "../helpers/browser/browser.ts";
import {
  busyStatus,
  fullDiskStatus,
  listingStatus,
  morningStatus,
  outageStatus,
} from "../helpers/servers/sample_status.ts";
import { startServer } from "../helpers/servers/status_server.ts";
import { tellProgress } from "./_flag.ts";

const STATES: Readonly<Record<string, () => StatusDocument>> = {
  quiet: busyStatus,
  outage: outageStatus,
  "full-disk": fullDiskStatus,
  morning: morningStatus,
  listing: listingStatus,
};
const SIZES = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

/** Take the pictures of all states, or of one. */
export async function takePictures(folder: string, name: string, only?: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [state, make] of Object.entries(STATES)) {
    if (only !== undefined && only !== state) continue;
    // Pages stay open, and a monitor serves at most 32.
    await using browser = await Browser.start(name);
    await using test = await startServer();
    for (const theme of ["light", "dark"] as const) {
      for (const language of ["en-US", "ja"] as const) {
        for (const [size, place] of Object.entries(SIZES)) {
          test.status = make();
          const page = await browser.openPage(`${test.url}/`, { ...place, theme, language, timezone: "Asia/Tokyo" });
          await page.waitFor(`document.querySelector("#headline-text").textContent !== ""`);
          const path = `${folder}/monitor-${state}-${theme}-${language.slice(0, 2)}-${size}.png`;
          await Deno.writeFile(path, await page.screenshot());
          await shrink(path);
          tellProgress(`${path}: ${((await Deno.stat(path)).size / 1000).toFixed(0)} kB`);
        }
      }
    }
  }
}

/** 256 colors suffice for such a page. */
async function shrink(path: string): Promise<void> {
  if (!await hasProgram("pngquant", "--version")) return;
  const args = ["--force", "--strip", "--speed", "1", "--output", path, path];
  await new Deno.Command("pngquant", { args, stdout: "null", stderr: "null" }).output();
}

if (import.meta.main) {
  const name = await findBrowser();
  if (name !== null) await takePictures(Deno.args[0] ?? "docs/images", name, Deno.args[1]);
  else tellProgress("Skipped: this machine has no Chromium (Debian: apt-get install chromium fonts-noto-cjk)");
}
