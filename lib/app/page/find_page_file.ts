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
 * Find a file of the page.
 *
 * @param name Its name, without a folder
 * @returns The file; `null` if there is none with this name
 */
export function findPageFile(name: string): PageFile | null {
  if (!Object.hasOwn(FILES, name)) return null;
  const extension = name.slice(name.lastIndexOf(".") + 1) as keyof typeof TYPES;
  return { type: `${TYPES[extension]}; charset=utf-8`, body: FILES[name]! };
}
