const SITE = "https://civitai.com";
const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** What could end a link in Markdown; the platform leaves some of it in mail addresses and queries. */
const ACTIVE = /[\s<>"'`\\^{}|()[\]]/g;

/**
 * The address of a link in a creator's text, if following it can only open a web page or a mail. The platform's parser
 * reads it, as a browser would: tabs and line ends in a scheme do not hide it. No local files, no shares (`\\host\x`,
 * which Windows would log in to), nothing that runs.
 *
 * @returns Absolute, without user name, with nothing that means something in Markdown; `null` if it is not to be followed
 */
export function safeLink(address: string | undefined): string | null {
  if (address === undefined || /^\/?\\/.test(address.replace(/[\s\p{Cc}]+/gu, ""))) return null;
  const url = URL.parse(address, SITE);
  if (url === null || !SCHEMES.has(url.protocol)) return null;
  url.username = "";
  url.password = "";
  return url.href.replace(ACTIVE, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
