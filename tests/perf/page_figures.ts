/**
 * Measures the page in Chromium with 100 000 invented models, and prints the figures as one line of JSON. Fails if a task
 * of the browser takes more than 50 ms while the page is scrolled, if the last card cannot be reached by the bar, the
 * wheel and the key End, at device ratios 1, 2 and 3 and with one, two and many columns, or if the script is larger than
 * 60 KB with gzip. The API is that of {@linkcode ManyModels}, so that only the page is measured;
 * `view_figures.ts` measures the server.
 *
 *     deno run -q -P=acceptance tests/perf/page_figures.ts
 *         --models 10000             another number of models
 *         --rounds 5                 scroll so many times; the best round counts, as other programs may disturb the others
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { gzipSync } from "node:zlib";
import type { About } from "../../lib/app/api/shapes/about.ts";
import { findPageFile } from "../../lib/app/page/find_page_file.ts";
import { Browser, findBrowser } from "../helpers/browser/browser.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { ManyModels } from "./_many_models.ts";
import { type EndFigures, measureEnd, measureScrolling, type ScrollFigures } from "./_page_figures.ts";

const BOUNDS = { taskMs: 50, scriptBytes: 60_000 };
/** Widths with one, two and many columns. */
const WIDTHS = [320, 390, 1440];
const RATIOS = [1, 2, 3];
const ABOUT: About = {
  version: "0",
  machine: "figures",
  library: "/models",
  readOnly: false,
  language: "en",
  maturity: { blurFrom: 4 },
  sandboxCreators: null,
  canOpenFolders: false,
};

if (import.meta.main) {
  const flags = parseArgs(Deno.args, { string: ["models", "rounds"] });
  const count = Number(flags.models ?? 100_000);
  const rounds = Number(flags.rounds ?? 3);
  const name = await findBrowser();
  if (name === null) throw new Error("Cannot find Chromium: install it, or name it in CHROMIUM");
  await using served = servePage(new ManyModels(count));
  await using browser = await Browser.start(name);
  const scrolls: ScrollFigures[] = [];
  for (let round = 0; round < rounds; round++) scrolls.push(await measureScrolling(browser, served.url));
  const ends: EndFigures[] = [];
  for (const width of WIDTHS) {
    for (const ratio of RATIOS) ends.push(await measureEnd(browser, served.url, { width, ratio, count }));
  }
  const tasks = scrolls.map(({ longestTaskMs }) => longestTaskMs).sort((a, b) => a - b);
  const scriptBytes = ["main.js", "words_en.js"]
    .reduce((sum, name) => sum + gzipSync(findPageFile(name)!.body, { level: 9 }).length, 0);
  reportFigures({ models: count, scriptBytes, longestTasksMs: tasks, scrolls, ends }, [
    { name: "tasks while scrolling", isMet: tasks[0]! <= BOUNDS.taskMs },
    { name: "last card", isMet: ends.every(({ byBar, byWheel, byKey }) => byBar && byWheel && byKey) },
    { name: "columns", isMet: new Set(ends.map(({ columns }) => columns)).size >= WIDTHS.length },
    { name: "script", isMet: scriptBytes <= BOUNDS.scriptBytes },
  ]);
}

/** Serve the page and an API that answers from memory. */
function servePage(models: ManyModels): { readonly url: string } & AsyncDisposable {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const url = new URL(request.url);
    if (url.pathname === "/api/v1/about") return Response.json(ABOUT);
    if (url.pathname === "/api/v1/events") return eventStream();
    const file = findPageFile(url.pathname === "/" ? "index.html" : url.pathname.replace("/page/", ""));
    if (file !== null) return new Response(file.body, { headers: { "content-type": file.type } });
    return models.answer(url) ?? new Response("", { status: 404 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/#/library`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Events that say that the server is there, and nothing else. */
function eventStream(): Response {
  const hello = `event: hello\ndata: ${JSON.stringify({ beatMs: 600_000 })}\n\n`;
  const stream = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(hello)) });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
}
