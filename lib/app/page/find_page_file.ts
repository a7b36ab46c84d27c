import * as files from "./_page_files.ts";

/** A file of the page. */
interface PageFile {
  /** Its media type, with the charset. */
  readonly type: string;
  /** Its content as text. */
  readonly body: string;
}

const FILES: Readonly<Record<string, string>> = files;

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

/**
 * Find a file of the live page, as `page/` has it: there is no build step for the browser.
 *
 * @param path The path of a request: `/`, or `/page/NAME`
 * @returns The file; `null` if there is none at this path
 */
export function livePage(path: string): PageFile | null {
  const name = path === "/" ? "index.html" : /^\/page\/([a-z_]+\.(?:css|js|svg))$/.exec(path)?.[1];
  if (name === undefined || !Object.hasOwn(FILES, name)) return null;
  const extension = name.slice(name.lastIndexOf(".") + 1) as keyof typeof TYPES;
  return { type: `${TYPES[extension]}; charset=utf-8`, body: FILES[name]! };
}
