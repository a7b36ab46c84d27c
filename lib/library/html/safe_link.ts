const SITE = "https://civitai.com";
const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** Characters that could end a link in Markdown; `URL` leaves some of them in mail addresses and queries. */
const ACTIVE = /[\s<>"'`\\^{}|()[\]]/g;

/**
 * Return the address of a link in a creator's text, if following it can only open a web page or compose an email. The
 * platform's parser reads it as a browser does, so tabs and line breaks in a scheme do not hide it. Refuses local
 * files, shares (`\\host\x`, which Windows would log in to), and everything that runs.
 *
 * @returns An absolute address without a user name and without active Markdown characters; `null` if it must not be
 * followed
 */
export function safeLink(address: string | undefined): string | null {
  if (address === undefined || /^\/?\\/.test(address.replace(/[\s\p{Cc}]+/gu, ""))) return null;
  const url = URL.parse(address, SITE);
  if (url === null || !SCHEMES.has(url.protocol)) return null;
  url.username = "";
  url.password = "";
  return url.href.replace(ACTIVE, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
