import { createRedactor, isLoopback, KitError } from "../../base/mod.ts";

/** Where the API lives. */
export interface BaseUrl {
  /** Without a slash at its end; may have a path before `/api`. */
  readonly href: string;
  readonly origin: string;
  readonly isLoopback: boolean;
}

/** Check the address that a user chose for the API. A pasted `/api/v1` at its end is cut off. */
export function parseBaseUrl(text: string, what: string): BaseUrl {
  const url = URL.parse(text.trim());
  const shown = createRedactor()(text).replace(/\/\/[^/@]*@/, "//[redacted]@");
  const refuse = (state: string): KitError =>
    new KitError("usage", `Cannot use "${shown}" as the ${what}: ${state}`, {
      hint: "Write it like https://civitai.com",
    });
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw refuse("it is no http or https URL");
  }
  if (url.username !== "" || url.password !== "") throw refuse("it holds a user name or password");
  if (url.search !== "" || url.hash !== "") throw refuse("it has a query or a fragment");
  const path = url.pathname.replace(/\/+$/, "").replace(/\/api(?:\/v1)?$/, "");
  return { href: `${url.origin}${path}`, origin: url.origin, isLoopback: isLoopback(url.hostname) };
}
