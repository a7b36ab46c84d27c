import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { LibraryAnswer } from "../../../lib/app/api/shapes/library.ts";
import type { ModelPage } from "../../../lib/app/api/shapes/model.ts";
import type { SandboxOptions } from "../../../lib/sandbox/mod.ts";
import { openCatalog } from "../../../lib/library/mod.ts";
import { becomes } from "../../helpers/becomes.ts";
import { findBrowser } from "../../helpers/browser/browser.ts";
import { SharedBrowser } from "../../helpers/browser/shared_browser.ts";
import { type PageStory, withPage } from "../../helpers/page_story.ts";

// Debian: apt-get install chromium. Without a browser these tests are skipped.
const chromium = await findBrowser();
const browser = chromium === null ? null : await SharedBrowser.start(chromium);
const ignore = browser === null;

/** 23 models of three creators, with pictures of all maturities. */
const SANDBOX: SandboxOptions = {
  seed: 3,
  size: { creators: 3, modelsPerCreator: 8 },
  filesPerVersion: { min: 1, max: 2 },
  imagesPerVersion: { min: 1, max: 3 },
};
/** The cards that are complete, and were drawn with their pictures' frames. */
const CARDS = `document.querySelectorAll(".model .badge").length`;
const PICTURES = `document.querySelectorAll(".model img").length`;
/** The model that the pages are about: it has two trigger words and two files, one of which is not wanted. */
const MODEL = { id: 100019, name: "Harbour Heroes 19", words: ["word19", "style, soft light 0"] };

/** A prompt as people write them. */
const PROMPT = "masterpiece, <lora:harbourHeroes:0.8>, 夕焼けの港, (soft light:1.2)";

/** Fetch everything that the sandbox has, and wait until the library shows it. */
async function fill({ app, sandbox, folder }: PageStory): Promise<void> {
  const creators = [...sandbox.catalog.creators()].map(({ username }) => `user:${username}`);
  const { id } = await app.add(creators);
  await app.until(id, ({ state }) => state === "done");
  tellPrompt(folder);
  const isShown = async () => {
    const { versions } = await app.json<ModelPage>(`api/v1/models/${MODEL.id}`);
    if (versions[0]?.pictures[0]?.prompt !== PROMPT) return false;
    return (await app.json<LibraryAnswer>("api/v1/library?state=done")).count === 23;
  };
  assert(await becomes(isShown, 30_000));
}

/** Add the prompt of a picture, which only some answers of Civitai have. */
function tellPrompt(folder: string): void {
  using catalog = openCatalog(join(folder, "library", ".civitai-dl", "catalog.db"));
  const [version] = catalog.versionsOf(MODEL.id);
  const json = version!.json as { raw: { images: object[] } };
  const images = json.raw.images.map((image) => ({ ...image, meta: { prompt: PROMPT, steps: 20 } }));
  catalog.putVersion(version!.id, { ...version!, json: { ...json, raw: { ...json.raw, images } } });
}

Deno.test(
  "a person finds models in the library, and uses them",
  { ignore },
  (test) =>
    withPage({ browser, sandbox: SANDBOX, words: ["--images", "--gallery", "0"] }, async (story) => {
      await fill(story);
      const { app, open } = story;

      await test.step("search as one types, filters with counts, sorting", async () => {
        const person = await open();
        const { page } = person;
        const names = `Array.from(document.querySelectorAll(".model"), (card) => [Number(card.ariaPosInSet),
        card.querySelector(".model-name").innerText]).sort(([a], [b]) => a - b).map(([, name]) => name)`;
        await person.sees("23 models", ".found");
        await person.clickOn(".search");
        for (const letter of "sketch") await page.type(letter);
        await person.sees("3 of 23 models", ".found");
        await page.waitFor(`${names}.length === 3`);
        for (const name of await page.evaluate<string[]>(names)) assertMatch(name, /Sketch/);
        await person.write(".search", "");
        await person.sees(/^23 models$/, ".found");
        await person.sees(/Type\s+Checkpoint\s+6\s+LORA\s+5[\s\S]+Base model\s+Flux\.1 D\s+5/, ".filters");
        await person.click(/^LORA 5$/, { within: ".filters" });
        await person.sees("5 of 23 models", ".found");
        await person.click(/^plumb_and_line \d$/, { within: ".filters" });
        await person.sees("3 of 23 models", ".found");
        // The way back takes off the last one.
        await page.evaluate("history.back()");
        await person.sees("5 of 23 models", ".found");
        await person.choose("select[aria-label='Sort by']", "Name");
        const byName = ["Granite Series 17", "Harbour Heroes 19", "Lantern Interiors 10"];
        await page.waitFor(`${names}.slice(0, 3).join() === "${byName}"`);
        await person.choose("select[aria-label='Sort by']", "Creator");
        await page.waitFor(`${names}[0] === "Lantern Interiors 10"`);
      });

      await test.step("nothing found says what to drop", async () => {
        const person = await open();
        await person.sees("23 models", ".found");
        await person.click(/^LORA 5$/, { within: ".filters" });
        await person.sees("5 of 23 models", ".found");
        await person.write(".search", "sketch");
        await person.sees(/Without “Search: sketch”: 5 models\s+Without “Type: LORA”: 3 models/, ".ways");
        await person.click("Without “Type: LORA”: 3 models");
        await person.sees("3 of 23 models", ".found");
        await person.write(".search", "no such model at all");
        await person.sees("Nothing found");
      });

      await test.step("a model opens, and the way back leads to the same place", async () => {
        const person = await open("library?sort=name");
        const { page } = person;
        await person.sees("23 models", ".found");
        await page.waitFor(`${CARDS} > 0`);
        await page.turnWheel(900, { x: 700, y: 500 });
        const scrolled = `document.querySelector(".grid-box").scrollTop`;
        await page.waitFor(`${scrolled} >= 500`);
        const link = `Array.from(document.querySelectorAll(".model-link"))
        .find((link) => link.innerText.includes("Northern Sketch 8"))`;
        await page.waitFor(`${link} !== undefined`);
        const index = await page.evaluate<string>(`${link}.dataset.index`);
        await person.clickOn(`.model-link[data-index="${index}"]`);
        await person.sees("Northern Sketch 8", "h1");
        await person.click("← Library");
        await page.waitFor(`document.activeElement?.dataset?.index === "${index}"`);
        assert(await page.evaluate<number>(scrolled) >= 500);
        assertEquals(await page.evaluate("location.hash"), "#/library?sort=name");
        // The same with the keyboard alone.
        await page.press("End", { code: 35 });
        await page.waitFor(`document.activeElement.dataset.index === "22"`);
        await page.press("Enter", { code: 13, text: "\r" });
        await page.waitFor(`document.querySelector(".model-page h1")`);
        assertMatch(await page.text("h1"), /Willow Sketch 2/);
      });

      await test.step("trigger words and prompts are copied with one click, files have hashes and states", async () => {
        const person = await open(`library/${MODEL.id}`);
        const { page } = person;
        await person.sees(MODEL.name, "h1");
        const model = await app.json<ModelPage>(`api/v1/models/${MODEL.id}`);
        await person.click(MODEL.words[0]!, { within: ".copy" });
        await person.sees("Copied", ".copy:has(.chip) .told");
        await person.click(/^Copy all/);
        // What has been copied is pasted where a person would.
        const [picture] = model.versions.flatMap(({ pictures }) => pictures).filter(({ prompt }) => prompt !== null);
        assert(picture !== undefined);
        await person.goTo("Library");
        await person.paste(".search");
        await page.waitFor(`document.querySelector(".search").value === ${JSON.stringify(MODEL.words.join(", "))}`);
        await page.waitFor(`location.hash.includes("q=")`);
        await page.evaluate("history.back()");
        await person.sees(MODEL.name, "h1");
        const [version] = model.versions;
        assertEquals(version!.files.map(({ state }) => state).toSorted(), ["absent", "done"]);
        await person.sees(/Complete[\s\S]*/, ".model-page .rows");
        await person.sees("Skipped by the settings", ".model-page .rows");
        const done = version!.files.find(({ state }) => state === "done")!;
        await person.clickOn(`.model-page .rows > li:nth-child(${version!.files.indexOf(done) + 1}) summary`);
        await person.sees(done.sha256!, ".model-page .rows");
        await person.sees(done.path!, ".model-page .rows");
        const at = version!.pictures.indexOf(picture);
        await person.clickOn(`.gallery > li:nth-child(${at + 1}) .thumb`);
        await person.sees(picture.prompt!, ".viewer");
        await person.clickOn(".viewer .prompt button");
        await person.sees("Copied", ".viewer .prompt .told");
        await page.press("Escape", { code: 27 });
        await page.waitFor(`document.querySelector("dialog.viewer") === null`);
        assertEquals(await page.evaluate(`document.activeElement.className`), "thumb");
        await person.goTo("Library");
        await person.paste(".search");
        await page.waitFor(`document.querySelector(".search").value === ${JSON.stringify(picture.prompt)}`);
      });

      await test.step("work on a model is queued from its page", async () => {
        const person = await open(`library/${MODEL.id}`);
        await person.click("Verify");
        await person.sees("Verify is in the queue.");
        await person.click("Show the queue");
        await person.sees(/Done[\s\S]+Verify/, "#ended");
      });

      await test.step("a model that is not wanted any more goes into the trash, and comes back", async () => {
        // Its previews are in the trash for a moment, while the page may still ask for them.
        story.expect(/\/previews\/\d+/);
        const person = await open(`library/${MODEL.id}`);
        const held = async (): Promise<number> => {
          const { versions } = await app.json<ModelPage>(`api/v1/models/${MODEL.id}`);
          return versions.flatMap(({ files }) => files).filter(({ state }) => state === "done").length;
        };
        const before = await held();
        assert(before > 0);
        await person.click("Forget");
        await person.sees(`Forget “${MODEL.name}”?`);
        await person.click("Forget", { within: ".dialog" });
        await person.sees(/Forgotten: \d+ files \(.+\) in the trash\./);
        assertEquals(await held(), 0);
        await person.click("Undo");
        await person.sees("It is back.");
        assertEquals(await held(), before);
      });

      await test.step("mature pictures are blurred until somebody wants to see them", async () => {
        const person = await open("library?maturity=4&sort=name");
        const { page } = person;
        await person.sees("4 of 23 models", ".found");
        // The pictures of two of them are milder.
        const shown = `document.querySelectorAll(".model img.is-there").length`;
        await page.waitFor(`${shown} === 2 && document.querySelectorAll(".model .reveal").length === 2`);
        assertEquals(await page.evaluate(PICTURES), 2);
        await person.click("Show the picture of Tidal Machines 9");
        await page.waitFor(`${shown} === 3`);
        await person.click("Blur mature pictures");
        await page.waitFor(`${shown} === 4`);
        // The choice is kept by the browser.
        await page.goto(`${app.url}?again#/library?maturity=4`);
        await page.waitFor(`${shown} === 4`);
        await person.click("Blur mature pictures");
        await page.waitFor(`${PICTURES} === 2`);
      });
    }),
);
