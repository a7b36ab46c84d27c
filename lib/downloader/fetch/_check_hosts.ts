import { checkDownloadHost, STORAGE_HOSTS } from "../../civitai/mod.ts";
import type { FetchContext } from "./fetch_context.ts";

/** Where Civitai keeps images. */
const IMAGE_HOSTS = ["image.civitai.com", "image-b2.civitai.com", "*.backblazeb2.com", "*.r2.cloudflarestorage.com"];

type Rules = { readonly client: Pick<FetchContext["client"], "hostRules"> };

/** Refuse an image address outside of the image hosts and `--allow-host`. */
export function checkImageHost({ client: { hostRules } }: Rules, url: URL): void {
  const allowedHosts = [...IMAGE_HOSTS, ...hostRules.allowedHosts];
  checkDownloadHost(url, { ...hostRules, allowedHosts, what: "fetch an image" });
}

/** Refuse a file address outside of the storage hosts and `--allow-host`, also one from the catalog. */
export function checkStorageHost({ client: { hostRules } }: Rules, url: URL): void {
  const allowedHosts = [...STORAGE_HOSTS, ...hostRules.allowedHosts];
  checkDownloadHost(url, { ...hostRules, allowedHosts, what: "fetch a file" });
}
