import { classifyFailure, type FailureClass } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import type { ResolvedSource } from "../../transfer/mod.ts";
import { checkStorageHost } from "./_check_hosts.ts";
import type { FetchContext } from "./fetch_context.ts";
import type { FileSource } from "../plan/plan_model.ts";
import { noteStorage } from "./_warm_up.ts";

/** After these a link is of no use: it aged, what it leads to is not what was promised, or nobody may have it. */
const SPENT: ReadonlySet<FailureClass> = new Set<FailureClass>([
  ...["expired", "gone", "rejected", "refused-host", "integrity", "changed"] as const,
  ...["login", "forbidden", "early-access", "archived", "disabled", "region"] as const,
]);

/** How to ask for the address of a file. */
export interface ResolveItemOptions {
  /** The last address has expired. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/** The address of a file: a link that was kept if it is good, else a new one, which is kept before it is used. */
export async function resolveItem(
  context: FetchContext,
  item: CatalogItem,
  options: ResolveItemOptions,
): Promise<ResolvedSource> {
  const { client, links, quota } = context;
  const { fresh, signal } = options;
  if (fresh) links?.forget(item.key);
  let link = await links?.recall(item.key) ?? null;
  if (link === null) {
    const { linkedQuery }: FileSource = JSON.parse(item.source ?? "{}");
    using _claim = quota?.admitLink(item);
    link = await client.resolveDownload({ versionId: item.versionId!, fileId: item.fileId!, linkedQuery }, { signal });
    await links?.keep(item.key, link);
    noteStorage(context, link.url);
  }
  if (!link.direct) checkStorageHost(context, new URL(link.url));
  return { url: link.url, headers: client.headersFor(link.url) };
}

/**
 * Forget the link of a transfer that failed for good; one that was cut short is gone on with.
 *
 * @returns Whether a new link may lead somewhere else: an earlier process's led to nothing
 */
export function dropLink(context: FetchContext, item: CatalogItem, error: unknown): boolean {
  const failure = classifyFailure(error);
  if (context.signal.aborted || !SPENT.has(failure)) return false;
  const wasEarlier = context.links?.forget(item.key) ?? false;
  return wasEarlier && failure === "gone";
}
