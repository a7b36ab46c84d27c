/**
 * Opens the pages of the documentation site on a phone of 390 pixels: nothing is off screen, and each table and block
 * of code that scrolls has a shadow. Of the API, it opens the indexes and every hundredth symbol.
 *
 * Needs Chromium, and the site in dist/site (`deno task site`).
 * `deno run -q -P=acceptance tests/acceptance/site_pages.ts`
 *
 * @module
 */
import { walk } from "@std/fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Browser, findBrowser } from "../helpers/browser/browser.ts";
import { measureWidth } from "../helpers/browser/width.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { tellProgress } from "./_flag.ts";

const SITE = fileURLToPath(new URL("../../dist/site/", import.meta.url));
const TYPES: Readonly<Record<string, string>> = { html: "text/html", css: "text/css", js: "text/javascript" };

/** List the addresses of the pages. */
async function listPages(): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of walk(SITE, { exts: [".html"], includeDirs: false })) {
    paths.push(relative(SITE, path).replaceAll("\\", "/"));
  }
  const isSymbol = (path: string) => path.startsWith("api/") && !path.endsWith("index.html");
  const symbols = paths.filter(isSymbol).toSorted();
  return [...paths.filter((path) => !isSymbol(path)).toSorted(), ...symbols.filter((_, index) => index % 100 === 0)];
}

async function serveFile(request: Request): Promise<Response> {
  const path = decodeURIComponent(new URL(request.url).pathname).slice(1);
  const type = TYPES[path.split(".").at(-1)!] ?? "application/octet-stream";
  try {
    return new Response(await Deno.readFile(`${SITE}${path}`), { headers: { "content-type": type } });
  } catch {
    return new Response("", { status: 404 });
  }
}

/** Open every page, and return what is wrong with each. */
async function judgePages(chromium: string, pages: readonly string[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, serveFile);
  await using browser = await Browser.start(chromium);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const page = await browser.openPage(`${origin}/index.html`, { width: 390, height: 844 });
  for (const path of pages) {
    await page.goto(`${origin}/${path}`);
    const { scrollWidth, offScreen, unmarked } = await measureWidth(page);
    // The style of the API's pages is that of deno doc, and has no shadows.
    const missing = path.startsWith("api/") ? [] : unmarked;
    if (scrollWidth <= 390 && offScreen.length + missing.length === 0) continue;
    wrong.push(`${path}: ${scrollWidth} px; ${[...offScreen, ...missing][0] ?? ""}`);
    tellProgress(wrong.at(-1)!);
  }
  return wrong;
}

if (import.meta.main) {
  const chromium = await findBrowser();
  if (chromium === null) tellProgress("Skipped: this machine has no Chromium (Debian: apt-get install chromium)");
  else {
    const pages = await listPages();
    const wrong = await judgePages(chromium, pages);
    reportFigures({ pages: pages.length, wrong: wrong.length }, [
      { name: "all pages are there", isMet: pages.length > 200 },
      { name: "each fits", isMet: wrong.length === 0 },
    ]);
  }
}
