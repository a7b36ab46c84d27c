import { classifyFailure, type FailureClass } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import type { ResolvedSource } from "../../transfer/mod.ts";
import { checkStorageHost } from "./_check_hosts.ts";
import type { SettledFetch } from "../settled_fetch.ts";
import type { FileSource } from "../plan/plan_model.ts";
import { noteStorage } from "./_warm_up.ts";

/** Failures that make a link useless: it expired, its object is not the promised one, or access is denied. */
const SPENT: ReadonlySet<FailureClass> = new Set<FailureClass>([
  ...["expired", "gone", "rejected", "refused-host", "integrity", "changed"] as const,
  ...["login", "forbidden", "early-access", "archived", "disabled", "region"] as const,
]);

/** Options of {@linkcode resolveItem}. */
export interface ResolveItemOptions {
  /** Whether to forget the known link, since it has expired. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/** Return the URL of a file: the known link if it is valid, otherwise a new one. */
export async function resolveItem(
  context: SettledFetch,
  item: CatalogItem,
  options: ResolveItemOptions,
): Promise<ResolvedSource> {
  const { client, links, quota } = context;
  const { fresh, signal } = options;
  if (fresh) links.forget(item.key);
  let link = links.recall(item.key);
  if (link === null) {
    const { linkedQuery }: FileSource = JSON.parse(item.source ?? "{}");
    using _claim = quota?.reserveLink(item);
    link = await client.resolveDownload({ versionId: item.versionId!, fileId: item.fileId!, linkedQuery }, { signal });
    context.keyWatch.recordGrant();
    links.keep(item.key, link);
    noteStorage(context, link.url);
  }
  if (!link.direct) checkStorageHost(context, new URL(link.url));
  return { url: link.url, headers: client.headersFor(link.url) };
}

/** Forget the link of a transfer if its failure makes the link useless. */
export function dropLink(context: SettledFetch, item: CatalogItem, error: unknown): void {
  if (SPENT.has(classifyFailure(error))) context.links.forget(item.key);
}
