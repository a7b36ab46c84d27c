/**
 * Takes the pictures of the page of `serve` that the README shows: the library, a plan and a phone, with the invented
 * models of a sandbox.
 *
 * Needs Chromium and pngquant (Debian: apt-get install chromium pngquant); writes docs/images/page-*.png:
 * `deno run -q -P=acceptance tests/acceptance/page_pictures.ts [FOLDER]`
 *
 * @module
 */
import type { BrowserPage, PageOptions } from "../helpers/browser/browser_page.ts";
import { Browser, findBrowser } from "../helpers/browser/browser.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { type ServedProgram, withServed } from "../helpers/served_program.ts";
import { tellProgress } from "./_flag.ts";

/** Creators in the library; the plan is of one that is not in it. */
const CREATORS = 5;
/** An order that begins with few pictures that are blurred. */
const SORT = "-size";
const WIDE = { width: 1280, height: 860, language: "en-US" } as const;
const PHONE = { width: 390, height: 780, language: "en-US", ratio: 2 } as const;

/** A picture: where the page is, and what is done there first. */
interface Picture {
  readonly hash: string;
  readonly options: PageOptions;
  readonly prepare: (page: BrowserPage) => Promise<void>;
}

const ARE_PICTURES_THERE = `[...document.querySelectorAll(".picture img")].length > 2 &&
  [...document.querySelectorAll(".picture img")].every((image) => image.classList.contains("is-there"))`;

/** Fetch the models of some creators, so that there is a library. */
async function fill({ ask }: ServedProgram, creators: readonly string[]): Promise<void> {
  const targets = creators.map((name) => `user:${name}`);
  await ask("POST", "queue", { targets, choice: { maxImages: 0, gallery: 0 } });
  for (;;) {
    const { body } = await ask("GET", "queue");
    const [entry] = body.entries;
    if (entry.state === "failed") throw new Error(entry.reason);
    // The index of models follows a moment later.
    const { count, total } = (await ask("GET", "library?state=done")).body;
    if (entry.state === "done" && total > 0 && count === total) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function picturesOf(planned: string): Readonly<Record<string, Picture>> {
  return {
    library: {
      hash: `#/library?sort=${SORT}`,
      options: { ...WIDE, theme: "light" },
      prepare: (page) => page.waitFor(ARE_PICTURES_THERE),
    },
    add: {
      hash: `#/add?url=${encodeURIComponent(`user:${planned}`)}`,
      options: { ...WIDE, theme: "dark" },
      async prepare(page) {
        await page.waitFor(`document.querySelector("#plan-models")`);
        await page.evaluate(`document.querySelectorAll("#plan-models > li > label input")[1].click()`);
      },
    },
    phone: {
      hash: `#/library?sort=${SORT}`,
      options: { ...PHONE, theme: "light" },
      prepare: (page) => page.waitFor(ARE_PICTURES_THERE),
    },
  };
}

/** 256 colors suffice for such a page. */
async function shrink(path: string): Promise<void> {
  if (!await hasProgram("pngquant", "--version")) return;
  const args = ["--force", "--strip", "--speed", "1", "--output", path, path];
  await new Deno.Command("pngquant", { args, stdout: "null", stderr: "null" }).output();
}

/** Take the pictures. */
export async function takePagePictures(folder: string, name: string): Promise<void> {
  const sandbox = {
    seed: 1,
    size: { creators: CREATORS + 2, modelsPerCreator: 7 },
    versionsPerModel: { min: 1, max: 3 },
    filesPerVersion: { min: 1, max: 2 },
    fileBytes: { min: 2 ** 20, max: 4 * 2 ** 20 },
    nastyNames: 0,
    outcomes: {},
    requireLogin: 0,
    imagesPerVersion: { min: 2, max: 3 },
    galleryPerVersion: 0,
  };
  await withServed({ sandbox }, async (served) => {
    const creators = [...served.sandbox.catalog.creators()].map(({ username }) => username)
      // A name of digits looks like a mistake of the picture.
      .filter((username) => !/^\d+$/.test(username));
    await fill(served, creators.slice(0, CREATORS));
    await using browser = await Browser.start(name);
    for (const [part, { hash, options, prepare }] of Object.entries(picturesOf(creators[CREATORS]!))) {
      const page = await browser.openPage(`${served.url}${hash}`, options);
      await prepare(page);
      // The name of the machine that the picture is taken on says nothing.
      await page.evaluate(`document.querySelector("#machine").hidden = true`);
      const path = `${folder}/page-${part}.png`;
      await Deno.writeFile(path, await page.screenshot({ isWhole: false }));
      await shrink(path);
      tellProgress(`${path}: ${((await Deno.stat(path)).size / 1000).toFixed(0)} kB`);
    }
  });
}

if (import.meta.main) {
  const name = await findBrowser();
  if (name !== null) await takePagePictures(Deno.args[0] ?? "docs/images", name);
  else tellProgress("Skipped: this machine has no Chromium (Debian: apt-get install chromium)");
}
