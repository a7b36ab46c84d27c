import { ensureDir, exists, walk } from "@std/fs";
import { dirname, join, relative, resolve } from "node:path";
import { KitError } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { lastLines, parseSiteMap, runDeno, SITE_MAP_FILE } from "../checks/mod.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runHouseScript } from "./_frame/run_script.ts";
import { listPages, type SiteEdition, type SitePage } from "./_site/list_pages.ts";
import { renderLlmsFull, renderLlmsText } from "./_site/llms_text.ts";
import { siteSettings } from "./_site/site_settings.ts";
import { ASSET, REPOSITORY, stagePage } from "./_site/stage_page.ts";

/** The site that was built. */
interface BuiltSite {
  readonly folder: string;
  /** Number of pages in all languages, without those of the API. */
  readonly pages: number;
  /** Number of pages that are only in English. */
  readonly untranslated: number;
}

/** The `site` task: builds the documentation site. */
export const command = defineCommand({
  name: "site",
  summary: "Build the documentation site into dist/site/",
  description:
    "The pages are those of docs/site.yml, in English and Japanese, each also as Markdown (the same address with .md), " +
    "and the API from the doc comments. VitePress builds them; site/ has its version and its settings.",
  flags: [
    {
      name: "address",
      type: "string",
      summary: "Where the site will be; links in llms.txt begin with it",
      placeholder: "URL",
    },
    { name: "skip-api", type: "boolean", summary: "Leave out the pages of the API, which take most of the time" },
  ],
  examples: [
    { command: "deno task site", summary: "Build it for the root of a server" },
    { command: "deno task site --address https://example.org/civitai-dl/", summary: "Build it for this address" },
  ],
  exits: { 1: "A page is missing, or has a link that leads nowhere" },
  async run({ flags, display, signal }): Promise<BuiltSite> {
    const root = requireCheckout("site");
    const address = readAddress(flags.address);
    const pagesFolder = resolve(root, "site/pages");
    const siteFolder = resolve(root, "dist/site");
    const groups = parseSiteMap(await Deno.readTextFile(resolve(root, SITE_MAP_FILE)));
    const editions = await listPages(groups, (path) => readIfThere(resolve(root, path)));
    const pages = editions.flatMap(pagesOf);
    if (await exists(pagesFolder)) await Deno.remove(pagesFolder, { recursive: true });
    const twins = await stagePages(pages, pagesFolder);
    const assets = await copyAssets(resolve(root, "docs"), pagesFolder);
    const settings = { base: address.base, repository: REPOSITORY, editions: siteSettings(editions) };
    await Deno.writeTextFile(join(pagesFolder, "site.json"), JSON.stringify(settings));
    display.log(`Building ${pages.length} pages with VitePress`);
    const vitepress = ["run", "-q", "--no-prompt", "-P=build", "--config", "deno.json", "npm:vitepress@1.6.4"];
    const siteRoot = resolve(root, "site");
    // Pages import Vue from site/node_modules; the lock file there is frozen.
    await runOrThrow(["install", "-q"], siteRoot, signal);
    await runOrThrow([...vitepress, "build", "."], siteRoot, signal);
    for (const [path, text] of twins) await Deno.writeTextFile(join(siteFolder, path), text);
    for (const path of assets) {
      await ensureDir(dirname(join(siteFolder, path)));
      await Deno.copyFile(join(pagesFolder, path), join(siteFolder, path));
    }
    await Deno.writeTextFile(join(siteFolder, "llms.txt"), renderLlmsText(editions, address.full));
    await Deno.writeTextFile(join(siteFolder, "llms-full.txt"), renderLlmsFull(editions[0]!, twins));
    if (!flags.skipApi) {
      display.log("Writing the pages of the API");
      const entries = await listEntries(root);
      await runOrThrow(
        ["doc", "-q", "--html", "--name=civitai-dl", `--output=${join(siteFolder, "api")}`, ...entries],
        root,
        signal,
      );
      const style = await Deno.readTextFile(resolve(root, "site/api.css"));
      await Deno.writeTextFile(join(siteFolder, "api/page.css"), style, { append: true, create: false });
    }
    const untranslated = pages.filter(({ language, written }) => language !== written).length;
    return { folder: siteFolder, pages: pages.length, untranslated };
  },
  render: ({ folder, pages, untranslated }: BuiltSite) =>
    `${folder}: ${pages} pages, ${untranslated} of them in English only\n`,
});

/** Return the part of an address that all links of the site begin with, and the whole address. */
function readAddress(written: string | undefined): { readonly base: string; readonly full: string } {
  if (written === undefined) return { base: "/", full: "/" };
  const url = URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new KitError("usage", `Cannot use the address "${written}": it is not an http or https URL`, {
      hint: "Write it as in --address https://example.org/civitai-dl/",
    });
  }
  const base = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
  return { base, full: `${url.origin}${base}` };
}

function pagesOf({ home, groups }: SiteEdition): readonly SitePage[] {
  return [home, ...groups.flatMap(({ pages }) => pages)];
}

/** Write the input of VitePress, and return the Markdown of each page by its path in the site. */
async function stagePages(pages: readonly SitePage[], folder: string): Promise<ReadonlyMap<string, string>> {
  const twins = new Map<string, string>();
  for (const page of pages) {
    const { html, markdown } = stagePage(page, pages);
    await ensureDir(dirname(join(folder, page.path)));
    await Deno.writeTextFile(join(folder, page.path), html);
    twins.set(page.path, markdown);
  }
  return twins;
}

/** Copy what pages show and link to: pictures, examples, data. Returns their paths in the site. */
async function copyAssets(docs: string, folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of walk(docs, { includeDirs: false })) {
    if (!ASSET.test(path)) continue;
    const name = relative(docs, path).replaceAll("\\", "/");
    await ensureDir(dirname(join(folder, name)));
    await Deno.copyFile(path, join(folder, name));
    paths.push(name);
  }
  return paths;
}

async function listEntries(root: string): Promise<readonly string[]> {
  const { exports } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  return Object.values(exports as Readonly<Record<string, string>>);
}

async function runOrThrow(args: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  const run = await runDeno(args, { folder, signal });
  if (run.code === 0) return;
  const dead = [...`${run.out}\n${run.err}`.matchAll(/Found dead link (\S+) in file (\S+)/g)];
  const reason = dead.length === 0
    ? lastLines(run)
    : `dead links: ${dead.map(([, link, file]) => `${link} in ${file}`).join("; ")}`;
  throw new KitError("failed", `Cannot build the site: ${reason}`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

if (import.meta.main) await runHouseScript(command);
