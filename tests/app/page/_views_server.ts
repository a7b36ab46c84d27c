import { join } from "node:path";
import { findPageFile } from "../../../lib/app/page/find_page_file.ts";
import type { RouteServer } from "../../../lib/app/http/app_server.ts";
import { defineRoute, type Route, type RouteAnswer } from "../../../lib/app/http/route.ts";
import { serveRoutes } from "../../../lib/app/http/serve_routes.ts";

const STYLES = ["theme", "layout", "rows", "figures"];
const OWN_STYLES = ["library/library.css", "model/model.css"];
const PAGE = new URL("../../../lib/app/page/", import.meta.url);

/** Bundle the views as the program's script is; once for all tests of a file. */
export async function bundleViews(): Promise<string> {
  const entry = join(import.meta.dirname!, "_views.tsx");
  const args = ["bundle", "-q", "--platform", "browser", entry];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  if (!success) throw new Error(`Cannot bundle the views: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** Serve the views with the guards and headers of the real server, and some routes of the API. */
export async function serveViews(script: string, api: readonly Route[]): Promise<RouteServer> {
  const own = await Promise.all(OWN_STYLES.map((path) => Deno.readTextFile(new URL(path, PAGE))));
  const styles = [...STYLES.map((name) => findPageFile(`${name}.css`)?.body ?? ""), ...own].join("\n");
  const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Views</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="/views.css"><link rel="icon" href="/icon.svg">
    <script type="module" src="/views.js"></script></head>
    <body><main id="main" tabindex="-1"></main></body></html>`;
  const icon = findPageFile("icon.svg")?.body ?? "";
  return await serveRoutes({
    listen: "127.0.0.1:0",
    routes: [
      fileRoute("/", "text/html", html),
      fileRoute("/views.css", "text/css", styles),
      fileRoute("/views.js", "text/javascript", script),
      fileRoute("/icon.svg", "image/svg+xml", icon),
      ...api,
    ],
  });
}

function fileRoute(path: string, type: string, body: string): Route {
  const answer: RouteAnswer = { status: 200, headers: { "content-type": `${type}; charset=utf-8` }, body };
  return defineRoute({ method: "GET", path, summary: "A file of the test", answer: null, handle: () => answer });
}
