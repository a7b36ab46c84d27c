import { assert, assertEquals, assertMatch } from "@std/assert";
import axe from "axe-core";
import { z } from "zod";
import { libraryRoutes } from "../../../lib/app/api/library_routes.ts";
import { modelRoutes } from "../../../lib/app/api/model_routes.ts";
import { defineRoute, type Route } from "../../../lib/app/http/route.ts";
import { ViewIndex } from "../../../lib/app/view/view_index.ts";
import type { Library } from "../../../lib/downloader/mod.ts";
import { findBrowser } from "../../helpers/browser/browser.ts";
import type { BrowserPage, PageOptions } from "../../helpers/browser/browser_page.ts";
import { SharedBrowser } from "../../helpers/browser/shared_browser.ts";
import { measureWidth } from "../../helpers/browser/width.ts";
import { keep, withLibrary } from "../../helpers/library/kept_library.ts";
import { ManyModels } from "../../perf/_many_models.ts";
import { bundleViews, serveViews } from "./_views_server.ts";

// Debian: apt-get install chromium. Without a browser these tests are skipped.
const chromium = await findBrowser();
const shared = chromium === null ? null : await SharedBrowser.start(chromium);
const script = chromium === null ? "" : await bundleViews();
const ignore = shared === null;

const CARDS = `document.querySelectorAll(".model-about > *").length > 0`;
const HOSTILE = `<img src=x onerror="document.title='owned'">\u202e "quoted" & ${"wide ".repeat(40)}`;
const DESCRIPTION = `<h1>How to use it</h1><p>See <a href="https://example.com/guide">the guide</a> or
  <a href="javascript:document.title='owned'">this</a>.</p><script>document.title = "owned"</script>
  <p onclick="document.title='owned'">${"x".repeat(400)}</p>`;

/** A library with 40 models, one of them as hostile as its creator could make it. */
async function fill(library: Library): Promise<void> {
  const { catalog } = library;
  for (let id = 1; id <= 40; id++) {
    const name = id === 40 ? HOSTILE : `${id % 2 === 0 ? "Ink wash" : "夜の街"} ${id}`;
    const raw = { allowNoCredit: false, allowCommercialUse: "{Image}", allowDerivatives: true };
    const json = {
      description: DESCRIPTION,
      tags: [id % 4 === 0 ? "landscape" : "人物"],
      nsfwLevel: id % 5 === 0 ? 8 : 1,
      raw,
    };
    catalog.putModel(id, { name, type: id % 2 === 0 ? "LORA" : "Checkpoint", creator: `creator ${id % 3}`, json });
    const images = [1, 2, 3].map((number) => ({
      id: id * 10 + number,
      url: `https://image.civitai.com/a/b/original=true/${id * 10 + number}.jpeg`,
      hash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
      nsfwLevel: id % 5 === 0 ? 8 : 1,
      meta: number === 1 ? { prompt: "a mountain, <b>mist</b>", negativePrompt: "lowres", steps: 20 } : null,
    }));
    for (const version of [id, id + 1000]) {
      catalog.putVersion(version, {
        modelId: id,
        name: version === id ? "v1" : "v2",
        baseModel: id % 3 === 0 ? "Pony" : "SDXL 1.0",
        publishedAt: "2026-05-04T10:00:00.000Z",
        json: { raw: { images }, trainedWords: version === id ? ["inkwash", "墨絵 <b>"] : ["other"] },
      });
    }
    await keep(library, id, new Uint8Array(id * 10), {
      modelId: id,
      creator: `creator ${id % 3}`,
      path: `loras/m${id}.bin`,
    });
  }
}

/** Pictures of a server that has all of them, and a queue that notes what it is given. */
function otherRoutes(queued: unknown[]): readonly Route[] {
  const models = new ManyModels(0);
  return [
    defineRoute({
      method: "GET",
      path: "/previews/{path...}",
      summary: "A picture",
      answer: null,
      async handle({ params }) {
        const picture = models.answer(new URL(`http://x/previews/${params["path"]?.split("/").at(-1)}`));
        if (picture === null) return { status: 404, body: null };
        return { status: 200, headers: { "content-type": "image/png" }, body: await picture.bytes() };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/queue",
      summary: "The queue",
      body: z.unknown(),
      answer: z.unknown(),
      status: 201,
      handle: ({ body }) => {
        queued.push(body);
        return { id: queued.length };
      },
    }),
  ];
}

interface Shown {
  readonly library: Library;
  readonly view: ViewIndex;
  readonly url: string;
  readonly queued: readonly unknown[];
  readonly opened: readonly string[];
  open(hash?: string, options?: PageOptions): Promise<BrowserPage>;
}

/** Show a library in a browser. */
function withViews(story: (shown: Shown) => Promise<void>, fillIt: (library: Library) => Promise<void> = fill) {
  return withLibrary(async (library) => {
    await fillIt(library);
    const { root } = library;
    await using view = await ViewIndex.open({ root });
    await view.refresh();
    const queued: unknown[] = [];
    const opened: string[] = [];
    const openFolder = (path: string) => Promise.resolve(void opened.push(path));
    const routes = [...libraryRoutes(view), ...modelRoutes({ root, view, openFolder }), ...otherRoutes(queued)];
    await using server = await serveViews(script, routes);
    await using browser = await shared!.connect();
    const { url } = server;
    const open = (hash = "", options: PageOptions = {}) => browser.openPage(`${url}${hash}`, options);
    await story({ library, view, url, queued, opened, open });
  });
}

/** What axe reports, with the elements; it must have checked the page, and colors must be certain. */
async function violations(page: BrowserPage): Promise<string[]> {
  await page.evaluate(`${axe.source}; true`);
  const tags = JSON.stringify(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  const { passed, broken } = await page.evaluate<{ passed: number; broken: string[] }>(
    `axe.run(document, { runOnly: { type: "tag", values: ${tags} } }).then(({ passes, violations }) => ({
      passed: passes.length,
      broken: violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => id + ": " + node.html + " " + node.failureSummary)),
    }))`,
  );
  assert(passed > 15, `axe looked at ${passed} rules only`);
  return broken;
}

const focused = (page: BrowserPage) => page.evaluate<string>(`document.activeElement?.dataset?.index ?? ""`);

Deno.test(
  "the library is searched as one types, and says how many models it has found",
  { ignore },
  () =>
    withViews(async ({ open }) => {
      const page = await open();
      await page.waitFor(CARDS);
      assertEquals(await page.text(".found"), "40 models");
      await page.evaluate(`document.querySelector(".search").focus()`);
      const before = await page.evaluate<number>("history.length");
      for (const letter of "ink") await page.type(letter);
      await page.waitFor(`document.querySelector(".found").innerText === "19 of 40 models"`);
      assertEquals(await page.evaluate("location.hash"), "#/library?q=ink");
      assertEquals(await page.evaluate("history.length"), before);
      assertMatch(await page.text(".model"), /Ink wash/);
      assertEquals(page.complaints, []);
    }),
);

Deno.test(
  "filters have counts, are in the address, and the way back takes them off",
  { ignore },
  () =>
    withViews(async ({ open }) => {
      const page = await open();
      await page.waitFor(CARDS);
      const choose = (value: string) =>
        page.evaluate(`Array.from(document.querySelectorAll(".filter-value"), (label) => label)
        .find((label) => label.innerText.startsWith(${JSON.stringify(value)})).querySelector("input").click()`);
      assertMatch(
        await page.text(".filters"),
        /Type\s+Checkpoint\s+20\s+LORA\s+20[\s\S]+Base model\s+SDXL 1\.0\s+27\s+Pony\s+13/,
      );
      await choose("LORA");
      await page.waitFor(`document.querySelector(".found").innerText === "20 of 40 models"`);
      await choose("Pony");
      await page.waitFor(`document.querySelector(".found").innerText === "6 of 40 models"`);
      assertEquals(await page.evaluate("location.hash"), "#/library?type=LORA&base=Pony");
      assertMatch(await page.text(".library-main .chips"), /Type: LORA ×\s+Base model: Pony ×\s+Clear all/);
      await page.evaluate("history.back()");
      await page.waitFor(`document.querySelector(".found").innerText === "20 of 40 models"`);
      await page.evaluate(`document.querySelector(".library-main .chip").click()`);
      await page.waitFor(`document.querySelector(".found").innerText === "40 models"`);
      const linked = await open("#/library?maturity=8&sort=name");
      await linked.waitFor(`document.querySelector(".found")?.innerText === "8 of 40 models"`);
      assertEquals([...page.complaints, ...linked.complaints], []);
    }),
);

Deno.test(
  "the keys move through the cards, Enter opens one, and the way back leads to it",
  { ignore },
  () =>
    withViews(async ({ open }) => {
      const page = await open("#/library?sort=name");
      await page.waitFor(CARDS);
      await page.evaluate(`document.querySelector("[data-index='0']").focus()`);
      await page.press("ArrowRight", { code: 39 });
      await page.press("ArrowDown", { code: 40 });
      const columns = Number(await focused(page)) - 1;
      assert(columns > 1, `${columns}`);
      await page.press("End", { code: 35 });
      await page.waitFor(`document.activeElement.dataset.index === "39"`);
      const at = await page.evaluate<number>(`document.querySelector(".grid-box").scrollTop`);
      assert(at > 500, `${at}`);
      assertEquals(await page.evaluate(`document.querySelectorAll(".model-link[tabindex='0']").length`), 1);
      await page.press("Enter", { code: 13, text: "\r" });
      await page.waitFor(`document.querySelector(".model-page h1")`);
      await page.evaluate(`document.querySelector(".way-back a").click()`);
      await page.waitFor(`document.activeElement.dataset?.index === "39"`);
      assertEquals(await page.evaluate(`document.querySelector(".grid-box").scrollTop`), at);
      assertEquals(await page.evaluate("location.hash"), "#/library?sort=name");
      assertEquals(page.complaints, []);
    }),
);

Deno.test(
  "the library changes without a jump of what is seen",
  { ignore },
  () =>
    withViews(async ({ open, view, library }) => {
      const page = await open("#/library?sort=name");
      await page.waitFor(CARDS);
      await page.evaluate(`document.querySelector(".grid-box").scrollTop = 900`);
      const first = `(() => {
      const top = document.querySelector(".grid-box").getBoundingClientRect().top;
      const cards = Array.from(document.querySelectorAll(".model"));
      const card = cards.filter((card) => card.getBoundingClientRect().bottom > top)
        .sort((a, b) => a.ariaPosInSet - b.ariaPosInSet)[0];
      return [card.querySelector(".model-name").innerText, Math.round(card.getBoundingClientRect().top)].join();
    })()`;
      await page.waitFor(`${first} !== "" && document.querySelector("[data-index='12']")`);
      const before = await page.evaluate<string>(first);
      for (let id = 101; id <= 116; id++) {
        library.catalog.putModel(id, { name: `A${id}`, type: "VAE", creator: null, json: {} });
        library.catalog.putVersion(id, { modelId: id, name: "v", baseModel: "", publishedAt: null, json: {} });
        await keep(library, id, new Uint8Array(5), { modelId: id, creator: null, path: `vae/${id}.bin` });
      }
      await view.refresh();
      await page.evaluate("refreshViews()");
      await page.waitFor(`document.querySelector(".found").innerText === "56 models"`);
      assertEquals(await page.evaluate<string>(first), before);
    }),
);

Deno.test(
  "mature pictures are not asked for until somebody wants to see them",
  { ignore },
  () =>
    withViews(async ({ open }) => {
      const page = await open("#/library?maturity=8&sort=name");
      await page.waitFor(CARDS);
      const pictures = `document.querySelectorAll(".model img").length`;
      assertEquals(await page.evaluate(pictures), 0);
      assert(await page.evaluate<number>(`document.querySelectorAll(".model canvas").length`) > 0);
      await page.evaluate(`document.querySelector(".model .reveal").click()`);
      await page.waitFor(`${pictures} === 1`);
      await page.evaluate(`document.querySelector(".check input").click()`);
      await page.waitFor(`${pictures} === 8`);
      const again = await page.evaluate<string>(`localStorage.getItem("civitai-dl.blur")`);
      assertEquals(again, "off");
      assertEquals(page.complaints, []);
    }),
);

Deno.test("an empty library says what to do, and nothing found which filter to drop", { ignore }, async () => {
  await withViews(async ({ open }) => {
    const page = await open();
    await page.waitFor(`document.querySelector(".nothing h2")`);
    assertMatch(await page.text(".nothing"), /The library is empty[\s\S]+Add models/);
    assertEquals(await page.evaluate(`document.querySelector(".nothing a").hash`), "#/add");
  }, () => Promise.resolve());
  await withViews(async ({ open }) => {
    const page = await open("#/library?q=ink&type=Checkpoint");
    await page.waitFor(`document.querySelectorAll(".ways button").length === 2`);
    assertMatch(await page.text(".ways"), /Without “Search: ink”: 20 models\s+Without “Type: Checkpoint”: 19 models/);
    await page.evaluate(`document.querySelectorAll(".ways button")[1].click()`);
    await page.waitFor(CARDS);
    assertEquals(await page.evaluate("location.hash"), "#/library?q=ink");
  });
});

Deno.test(
  "the page of a model copies trigger words and prompts with one click",
  { ignore },
  () =>
    withViews(async ({ open }) => {
      const page = await open("#/library/2");
      await page.waitFor(`document.querySelector(".model-page h1")`);
      await page.evaluate(`globalThis.copied = [];
      navigator.clipboard.writeText = (text) => { copied.push(text); return Promise.resolve(); }`);
      await page.evaluate(`document.querySelectorAll(".model-page .copy button")[1].click()`);
      await page.waitFor(`copied.length === 1`);
      assertEquals(await page.evaluate("copied"), ["墨絵 <b>"]);
      await page.waitFor(`document.querySelectorAll(".copy .told")[1].innerText === "Copied"`);
      await page.evaluate(`document.querySelectorAll(".model-page .copy button")[2].click()`);
      await page.waitFor(`copied.at(-1) === "inkwash, 墨絵 <b>"`);
      // Without https, browsers have no clipboard.
      await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
      document.execCommand = () => { copied.push(getSelection().toString() || document.activeElement.value); return true; };
      document.querySelectorAll(".model-page .copy button")[0].click()`);
      await page.waitFor(`copied.at(-1) === "inkwash"`);
      await page.evaluate(`document.querySelector(".thumb").click()`);
      await page.waitFor(`document.querySelector("dialog.viewer[open]")`);
      assertMatch(
        await page.text(".viewer"),
        /Picture 1 of 3[\s\S]+a mountain, <b>mist<\/b>[\s\S]+lowres[\s\S]+steps\s+20/,
      );
      await page.press("ArrowRight", { code: 39 });
      await page.waitFor(`document.querySelector("#viewer-title").innerText === "Picture 2 of 3"`);
      await page.press("Escape", { code: 27 });
      await page.waitFor(`document.querySelector("dialog.viewer") === null`);
      assertEquals(await page.evaluate(`document.activeElement.className`), "thumb");
      assertEquals(page.complaints, []);
    }),
);

Deno.test(
  "the page of a model queues work and opens its folder, unless the server only reads",
  { ignore },
  () =>
    withViews(async ({ open, queued, opened, library }) => {
      const page = await open("#/library/2");
      await page.waitFor(`document.querySelector(".buttons")`);
      const press = (text: string) =>
        page.evaluate(
          `Array.from(document.querySelectorAll(".buttons button")).find((button) => button.innerText === "${text}").click()`,
        );
      await press("Verify");
      await page.waitFor(`document.querySelector(".place, .buttons ~ .told").innerText !== "" &&
      document.querySelector(".buttons ~ .told").innerText.startsWith("Verify is in the queue.")`);
      assertEquals(queued, [{ kind: "verify", targets: ["model:2"] }]);
      await press("Open folder");
      await page.waitFor(`document.querySelector(".buttons ~ .told").innerText.startsWith("The folder is open")`);
      assertEquals(opened, [`${library.root}/loras`]);
      const readOnly = await open("?read-only#/library/2");
      await readOnly.waitFor(`document.querySelector(".model-page h1")`);
      assertEquals(await readOnly.evaluate(`document.querySelector(".buttons")`), null);
      const missing = await open("#/library/77");
      await missing.waitFor(`document.querySelector(".nothing h1")`);
      assertEquals(await missing.text(".nothing h1"), "This model is not in the library");
    }),
);

Deno.test("names and descriptions do nothing, whatever is in them", { ignore }, () =>
  withViews(async ({ open }) => {
    const page = await open("#/library?sort=-size");
    await page.waitFor(CARDS);
    assertMatch(await page.text(".model"), /<img src=x onerror/);
    const model = await open("#/library/40", { width: 390, height: 800 });
    await model.waitFor(`document.querySelector(".rich")`);
    assertMatch(await model.text("h1"), /<img src=x onerror/);
    assertEquals(await model.evaluate(`document.querySelectorAll(".rich script, .rich [onclick], h1 img").length`), 0);
    const links =
      `Array.from(document.querySelectorAll(".rich a"), ({ href, target, rel }) => [href, target, rel].join())`;
    assertEquals(await model.evaluate(links), ["https://example.com/guide,_blank,noreferrer noopener"]);
    for (const shown of [page, model]) {
      assertEquals(await shown.evaluate("document.title"), "Views");
      const { scrollWidth, offScreen } = await measureWidth(shown);
      assertEquals([scrollWidth, offScreen], [await shown.evaluate("innerWidth"), []]);
      assertEquals(shown.complaints, []);
    }
  }));

for (
  const [name, place, options] of [
    ["wide", "", { width: 1440 }],
    ["dark", "", { width: 1440, theme: "dark" }],
    ["on a phone, in Japanese", "?ja", { width: 360, height: 740 }],
  ] as const
) {
  Deno.test(`the library and its models are accessible ${name}`, { ignore }, () =>
    withViews(async ({ open }) => {
      for (const hash of ["#/library", "#/library?type=LORA&q=zzz", "#/library/2"]) {
        const page = await open(`${place}${hash}`, options);
        await page.waitFor(`${CARDS} || document.querySelector(".ways button") || document.querySelector(".rich")`);
        assertEquals(await violations(page), []);
        assertEquals(page.complaints, []);
        assertEquals(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
      }
    }));
}
