/**
 * Takes the pictures of the live page that the documentation shows: both themes, both languages, and a phone.
 *
 * Needs Chromium and fonts with Japanese (Debian: apt-get install chromium fonts-noto-cjk pngquant); writes docs/images/monitor-*.png:
 * `deno run -q -P=acceptance tests/acceptance/monitor_screenshots.ts`
 *
 * @module
 */
import { hasProgram } from "../integration/_has_program.ts";
import { Browser, findBrowser } from "../monitor/_browser.ts";
import type { PageOptions } from "../monitor/_browser_page.ts";
import { quietStatus, sampleStatus } from "../monitor/_sample_status.ts";
import { startServer } from "../monitor/_start_server.ts";
import { tellProgress } from "./_flag.ts";

const DESK = { width: 1280, height: 900, timezone: "Asia/Tokyo" };
const PHONE = { width: 390, height: 844, timezone: "Asia/Tokyo" };

const PICTURES: Readonly<Record<string, PageOptions>> = {
  "light-en": { ...DESK, theme: "light", language: "en-US" },
  "light-ja": { ...DESK, theme: "light", language: "ja" },
  "dark-en": { ...DESK, theme: "dark", language: "en-US" },
  "dark-ja": { ...DESK, theme: "dark", language: "ja" },
  "phone": { ...PHONE, theme: "dark", language: "ja" },
};

/** Take all pictures, and one of a quiet day. */
export async function takePictures(folder: string, name: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await using browser = await Browser.start(name);
  await using test = await startServer();
  const take = async (picture: string, options: PageOptions, rows: number): Promise<void> => {
    const page = await browser.openPage(`${test.url}/`, options);
    await page.waitFor(`document.querySelector("#link").dataset.state === "live"`);
    await page.waitFor(`document.querySelectorAll("#download-list > li").length === ${rows}`);
    const path = `${folder}/monitor-${picture}.png`;
    await Deno.writeFile(path, await page.screenshot());
    await shrink(path);
    tellProgress(`${path}: ${((await Deno.stat(path)).size / 1000).toFixed(0)} kB`);
  };
  for (const [picture, options] of Object.entries(PICTURES)) {
    test.status = sampleStatus();
    await take(picture, options, 4);
  }
  test.status = quietStatus();
  await take("quiet", { ...DESK, theme: "light", language: "en-US" }, 0);
}

/** 256 colours are plenty for a page like this. */
async function shrink(path: string): Promise<void> {
  if (!await hasProgram("pngquant", "--version")) return;
  const args = ["--force", "--strip", "--speed", "1", "--output", path, path];
  await new Deno.Command("pngquant", { args, stdout: "null", stderr: "null" }).output();
}

if (import.meta.main) {
  const name = await findBrowser();
  if (name !== null) await takePictures(Deno.args[0] ?? "docs/images", name);
  else tellProgress("Skipped: this machine has no Chromium (Debian: apt-get install chromium fonts-noto-cjk)");
}
