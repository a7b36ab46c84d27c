import { checkDownloadHost, STORAGE_HOSTS } from "../civitai/mod.ts";
import type { FetchContext } from "./fetch_context.ts";

/** Where Civitai keeps images. */
const IMAGE_HOSTS = ["image.civitai.com", "image-b2.civitai.com", "*.backblazeb2.com", "*.r2.cloudflarestorage.com"];

type Rules = { readonly client: Pick<FetchContext["client"], "hostRules"> };

/** Refuse to fetch an image from anywhere but where images are. */
export function checkImageHost({ client: { hostRules } }: Rules, url: URL): void {
  const allowedHosts = [...IMAGE_HOSTS, ...hostRules.allowedHosts];
  checkDownloadHost(url, { ...hostRules, allowedHosts, what: "fetch an image" });
}

/** Refuse to fetch a file from anywhere but a storage, whoever wrote down where it is. */
export function checkStorageHost({ client: { hostRules } }: Rules, url: URL): void {
  const allowedHosts = [...STORAGE_HOSTS, ...hostRules.allowedHosts];
  checkDownloadHost(url, { ...hostRules, allowedHosts, what: "fetch a file" });
}
