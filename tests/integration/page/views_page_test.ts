import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { openLibrary } from "../../../lib/downloader/open_library.ts";
import type { SandboxOptions } from "../../../lib/sandbox/mod.ts";
import { findBrowser } from "../../helpers/browser/browser.ts";
import type { PageOptions } from "../../helpers/browser/browser_page.ts";
import type { Person } from "../../helpers/browser/person.ts";
import { SharedBrowser } from "../../helpers/browser/shared_browser.ts";
import { axeViolations } from "../../helpers/browser/violations.ts";
import { measureWidth } from "../../helpers/browser/width.ts";
import { keep, put } from "../../helpers/library/kept_library.ts";
import { type PageStory, withPage } from "../../helpers/page_story.ts";

// Debian: apt-get install chromium. Without a browser these tests are skipped.
const chromium = await findBrowser();
const browser = chromium === null ? null : await SharedBrowser.start(chromium);
const ignore = browser === null;

/** Names in every script, and in none. What runs sets `hit`. */
const NAMES: readonly string[] = [
  `<img src=x onerror="globalThis.hit=1">`,
  `"><script>globalThis.hit=1</script>`,
  "\u202egnp.exe \u202dsafe",
  "ملف عربي \u2067עברית\u2069",
  "👩‍👩‍👧‍👦🦊✨".repeat(12),
  "夜の街ー「ネオン」",
  "x".repeat(400),
  "Z\u0338\u0321\u0328\u0327".repeat(40),
  `a'b"c\`d&amp;e`,
  "ไทย हिन्दी ქართული አማርኛ",
  "\u200b\u200b\u2028\u0000",
  "javascript:globalThis.hit=1",
];
const DESCRIPTION = `<h1>How</h1><p>See <a href="https://example.com/guide">the guide</a> or
  <a href="javascript:globalThis.hit=1">this</a>.</p><script>globalThis.hit=1</script><style>body{display:none}</style>
  <p onclick="globalThis.hit=1" style="position:fixed;inset:0">${"y".repeat(500)}</p>
  <img src=x onerror="globalThis.hit=1"><iframe src="//example.com"></iframe><svg onload="globalThis.hit=1">
  <form action="//example.com"><input name=a></form><pre>${"z".repeat(300)}</pre>`;
const PICTURE = `<html><script>globalThis.hit=1</script></html>`;

const SANDBOX: SandboxOptions = {
  size: { creators: 1, modelsPerCreator: 12 },
  versionsPerModel: { min: 2, max: 2 },
  nastyNames: 1,
  // At the limit that is set, the first one is under way until the test ends.
  fileSizes: [80_000_000],
};

/** Fill a library with what creators could write. */
async function makeLibrary({ folder }: Pick<PageStory, "folder">): Promise<void> {
  using library = await openLibrary(join(folder, "library"), { command: "test" });
  const { catalog } = library;
  for (const [index, name] of NAMES.entries()) {
    const id = index + 1;
    const json = { description: DESCRIPTION, tags: [name, "style"], nsfwLevel: 1, raw: {} };
    catalog.putModel(id, { name, type: index % 2 === 0 ? "LORA" : name.slice(0, 60), creator: name, json });
    const image = {
      id: 1000 + id,
      url: `https://image.civitai.com/a/b/original=true/${1000 + id}.jpeg`,
      hash: index % 2 === 0 ? "LEHV6nWB2yk8pyo0adR*.7kCMdnj" : "no blurhash at all",
      nsfwLevel: 1,
      meta: { prompt: name, negativePrompt: DESCRIPTION, [name]: name },
    };
    catalog.putVersion(id, {
      modelId: id,
      name,
      baseModel: name.slice(0, 100),
      publishedAt: "not a date",
      json: { description: DESCRIPTION, trainedWords: [name, name + "2"], raw: { images: [image] } },
    });
    await keep(library, id, new Uint8Array(10), { modelId: id, creator: name, path: `loras/m${id}.safetensors` });
    await keep(library, 1000 + id, new TextEncoder().encode(PICTURE), {
      key: `preview:${id}:${1000 + id}`,
      kind: "preview",
      modelId: id,
      versionId: id,
      fileId: null,
      imageId: 1000 + id,
      path: `loras/m${id}.preview.jpeg`,
    });
  }
  await put(library, "loras/readme.txt", "x");
}

/** Bring the queue into all of its states: running, waiting, paused, done, failed, cancelled. */
async function fillQueue({ app, sandbox }: PageStory): Promise<void> {
  const [slow, quick, older] = [...sandbox.catalog.models()];
  const done = await app.add([`version:${older!.versions[1]!.id}`], { title: NAMES[3] });
  const gone = await app.add(["model:999999999"], { title: NAMES[0] });
  await app.until(gone.id, ({ endedAt }) => endedAt !== null);
  assertEquals((await app.until(done.id, ({ endedAt }) => endedAt !== null)).state, "done");
  await app.json("api/v1/queue/limits", { method: "PATCH", body: { bytesPerSecond: 500_000 } });
  const running = await app.add([`model:${slow!.id}`], { title: NAMES[6]!.slice(0, 200) });
  await app.until(running.id, ({ progress }) => (progress?.bytesDone ?? 0) > 0);
  const added = [];
  for (const title of [NAMES[2], NAMES[4]!.slice(0, 200), NAMES[1]]) {
    added.push(await app.add([`model:${quick!.id}`], { title }));
  }
  await app.act(added[1]!.id, "pause");
  await app.act(added[2]!.id, "cancel");
}

/** A view, and how a person knows that all of it is there. */
type Shown = readonly [name: string, open: (person: Person) => Promise<void>];

function viewsOf({ sandbox }: PageStory): readonly Shown[] {
  const creator = [...sandbox.catalog.creators()][0]!.username;
  const visit = async ({ page }: Person, hash: string, isThere: string): Promise<void> => {
    await page.evaluate(`location.hash = ${JSON.stringify(`#/${hash}`)}`);
    await page.waitFor(isThere);
  };
  const has = (selector: string) => `document.querySelector(${JSON.stringify(selector)}) !== null`;
  return [
    ["library", (person) => visit(person, "library?sort=name", has(".model-about > *"))],
    ["nothing found", (person) => visit(person, "library?q=nothing&type=LORA", has(".ways button"))],
    ...[1, 7].map((id): Shown => [
      `model ${id}`,
      (person) => visit(person, `library/${id}`, `${has(".rich")} && location.hash.endsWith("/${id}")`),
    ]),
    ["queue", (person) => visit(person, "queue", [has("#running"), has("#waiting"), has("#failed")].join(" && "))],
    ["plan", async (person) => {
      await visit(person, "add", has("#targets"));
      await person.write("#targets", `user:${creator}\nhttps://example.com/<b>`);
      await person.page.press("Enter", { code: 13, isWithControl: true });
      await person.page.waitFor(has("#plan-models"));
    }],
    ["updates", async (person) => {
      await visit(person, "updates", has(".view-head .button"));
      await person.clickOn(".view-head .button");
      await person.page.waitFor(has("#newer-list"));
    }],
    ["health", (person) => visit(person, "health", has("#download-list > li"))],
  ];
}

Deno.test(
  "every view is accessible in both themes and languages, and nothing of its data runs",
  { ignore },
  (test) =>
    withPage({ browser, sandbox: SANDBOX, before: makeLibrary }, async (story) => {
      // The preview is no picture, and the network of the tests has no other one.
      story.expect(/status of (?:404|415|502|503) .*\/previews\//);
      await fillQueue(story);
      const displays: readonly (PageOptions & { readonly language: "en-US" | "ja" })[] = [
        { language: "en-US", theme: "light", width: 1280 },
        { language: "ja", theme: "dark", width: 1280 },
        { language: "en-US", theme: "dark", width: 390, height: 844 },
        { language: "ja", theme: "light", width: 360, height: 740 },
      ];
      for (const display of displays) {
        await test.step(`${display.language}, ${display.theme}, ${display.width} px`, async () => {
          const person = await story.open("health", display);
          const { page } = person;
          const wrong: string[] = [];
          for (const [name, open] of viewsOf(story)) {
            await open(person);
            await page.evaluate(`document.querySelectorAll("main details").forEach((one) => one.open = true)`);
            // Halfway, the foot of a plan covers a part of a check box.
            await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
            wrong.push(...(await axeViolations(page)).map((text) => `${name}: ${text}`));
            const { scrollWidth, offScreen } = await measureWidth(page);
            if (scrollWidth > display.width!) wrong.push(`${name}: ${scrollWidth} px wide`);
            wrong.push(...offScreen.map((node) => `${name}: off the screen: ${node}`));
          }
          assertEquals(wrong, []);
          assertEquals(await page.evaluate("document.documentElement.lang"), display.language.slice(0, 2));
          assertEquals(await page.evaluate("globalThis.hit ?? null"), null);
        });
      }
    }),
);
