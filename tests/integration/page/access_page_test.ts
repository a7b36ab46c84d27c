import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { openLibrary } from "../../../lib/downloader/open_library.ts";
import { findBrowser } from "../../helpers/browser/browser.ts";
import { SharedBrowser } from "../../helpers/browser/shared_browser.ts";
import { hasProgram } from "../../helpers/has_program.ts";
import { keep } from "../../helpers/library/kept_library.ts";
import { type PageStory, withPage } from "../../helpers/page_story.ts";
import { startApp } from "../../helpers/start_app.ts";
import { startNginx } from "../scenarios/_nginx.ts";

// Debian: apt-get install chromium. Without a browser these tests are skipped.
const chromium = await findBrowser();
const browser = chromium === null ? null : await SharedBrowser.start(chromium);
const ignore = browser === null;
// Debian: apt-get install nginx.
const hasNginx = await hasProgram("nginx", "-v");

const TOKEN = "0123456789abcdef0123";
const LIVE = `document.querySelector("#link")?.dataset.state === "live"`;

/** A library with one model, and an entry in its queue. */
async function makeLibrary({ folder }: Pick<PageStory, "folder">): Promise<void> {
  using library = await openLibrary(join(folder, "library"), { command: "test" });
  const { catalog } = library;
  catalog.putModel(1, { name: "Ink wash", type: "LORA", creator: "brambleforge", json: {} });
  catalog.putVersion(1, {
    modelId: 1,
    name: "v1",
    baseModel: "Pony",
    publishedAt: null,
    json: { trainedWords: ["ink"] },
  });
  await keep(library, 1, new Uint8Array(100), { modelId: 1, creator: "brambleforge", path: "loras/ink.safetensors" });
  catalog.queue.add({ kind: "download", title: "Later", targets: ["model:2"], choice: null, except: null, key: null });
}

Deno.test(
  "a page for other machines opens by the link with its token, and shows nothing without it",
  { ignore },
  () =>
    withPage({
      browser,
      listen: "0.0.0.0:0",
      words: ["--page-token-file", "token"],
      async before(place) {
        await Deno.writeTextFile(join(place.folder, "token"), `${TOKEN}\n`, { mode: 0o600 });
        await makeLibrary(place);
      },
    }, async ({ app, openAt, expect }) => {
      expect(/status of 401/);
      const url = `http://127.0.0.1:${new URL(app.url).port}/`;
      const person = await openAt(`${url}#/library`);
      const { page } = person;
      await person.sees("This page requires its token.");
      const asked =
        `Promise.all(["api/v1/library", "api/v1/queue", "api/v1/events", "page/main.js"].map(async (path) => {
      const response = await fetch(path);
      return response.status + " " + (await response.text()).includes("Ink wash");
    }))`;
      assertEquals(await page.evaluate(asked), Array(4).fill("401 false"));
      await page.goto(`${url}?token=${"wrong".repeat(5)}`);
      await person.sees("This page requires its token.");
      await page.goto(`${url}?token=${TOKEN}`);
      await person.sees("Ink wash");
      await page.waitFor(LIVE);
      assertEquals(await page.evaluate("location.search + document.cookie"), "");
      assert(!await page.evaluate<boolean>(`document.documentElement.outerHTML.includes("${TOKEN}")`));
      await person.goTo("Queue");
      await person.sees("Later");
      // A write of the page is let through.
      await person.click("Pause the queue");
      await person.sees("The queue is paused", "#paused-note");
    }),
);

Deno.test(
  "a page that only reads shows no button that would be refused",
  { ignore },
  () =>
    withPage({ browser, words: ["--read-only"], before: makeLibrary }, async ({ app, open }) => {
      const person = await open();
      const { page } = person;
      await person.sees("This server is read-only", "#lost");
      await person.sees("Ink wash");
      const shown: [string, string | RegExp][] = [
        ["library/1", "Trigger words"],
        ["add", "What would you like to add?"],
        ["queue", "Later"],
        ["updates", "Only a server that may write"],
        ["health", "quiet"],
      ];
      const writing =
        /^(?:Pause|Resume|Cancel|Move|Try again|Add|Verify|Repair|Update|Look|Open folder|Show what|Plan)/;
      for (const [view, text] of shown) {
        await page.goto(`${app.url}?${view}#/${view}`);
        await person.sees(text);
        const buttons = await page.evaluate<string[]>(
          `Array.from(document.querySelectorAll("main button:enabled"), (node) => node.ariaLabel ?? node.innerText)`,
        );
        assertEquals(buttons.filter((name) => writing.test(name)), [], view);
        assertEquals(await page.evaluate(`document.querySelector("#limits")`), null);
      }
    }),
);

Deno.test(
  "news arrives within seconds through a proxy that buffers",
  { ignore: ignore || !hasNginx },
  () =>
    withPage({ browser, before: makeLibrary }, async ({ app: first, sandbox, folder, openAt }) => {
      // The server has to know the address of the proxy, and the proxy that of the server.
      await first.end();
      const listen = new URL(first.url).host;
      const server = `location / { proxy_pass http://${listen}; proxy_set_header Host $http_host; }`;
      await using nginx = await startNginx(folder, { server });
      await using app = await startApp({ folder, sandbox, listen, words: ["--host", new URL(nginx.origin).host] });
      const person = await openAt(`${nginx.origin}/#/queue`);
      await person.page.waitFor(LIVE);
      await person.click("Pause the queue");
      await person.sees("The queue is paused", "#paused-note");
      for (const title of ["first", "second", "third"]) {
        const start = performance.now();
        await app.add(["model:3"], { title });
        await person.sees(title, "#waiting");
        assert(performance.now() - start < 5000, title);
      }
    }),
);
