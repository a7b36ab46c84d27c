import { checkDownloadHost, IMAGE_HOSTS, STORAGE_HOSTS } from "../../civitai/mod.ts";
import type { SettledFetch } from "../settled_fetch.ts";

/** Knows which hosts are allowed. */
type HostsOptions = { readonly client: Pick<SettledFetch["client"], "hostRules"> };

/** Refuse the URL of an image unless its host is an image host or allowed by `--allow-host`. */
export function checkImageHost({ client: { hostRules } }: HostsOptions, url: URL): void {
  const allowedHosts = [...IMAGE_HOSTS, ...hostRules.allowedHosts];
  checkDownloadHost(url, { ...hostRules, allowedHosts, what: "fetch an image" });
}

/** Refuse the URL of a file, even one from the catalog, unless its host is a storage host or in `--allow-host`. */
export function checkStorageHost({ client: { hostRules } }: HostsOptions, url: URL): void {
  const allowedHosts = [...STORAGE_HOSTS, ...hostRules.allowedHosts];
  checkDownloadHost(url, { ...hostRules, allowedHosts, what: "fetch a file" });
}
