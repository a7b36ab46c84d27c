import { createRedactor, isLoopback, KitError } from "../../base/mod.ts";

/** The address of an API. */
export interface BaseUrl {
  /** Without a trailing slash; may have a path before `/api`. */
  readonly href: string;
  readonly origin: string;
  readonly isLoopback: boolean;
}

/** Check an API address from the user. A trailing `/api` or `/api/v1` is removed. */
export function parseBaseUrl(text: string, what: string): BaseUrl {
  const url = URL.parse(text.trim());
  const shown = createRedactor()(text);
  const refuse = (state: string): KitError =>
    new KitError("usage", `Cannot use "${shown}" as the ${what}: ${state}`, {
      hint: "Use the form https://civitai.com",
    });
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw refuse("it is not an http or https URL");
  }
  if (url.username !== "" || url.password !== "") throw refuse("it contains a user name or password");
  if (url.search !== "" || url.hash !== "") throw refuse("it has a query or a fragment");
  const path = url.pathname.replace(/\/+$/, "").replace(/\/api(?:\/v1)?$/, "");
  return { href: `${url.origin}${path}`, origin: url.origin, isLoopback: isLoopback(url.hostname) };
}
