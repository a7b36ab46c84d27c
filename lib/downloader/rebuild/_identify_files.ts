import type { HashMatch, Model, UnreadableOptions } from "../../civitai/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { type SidecarIndex, sidecarPath, TimeSlices } from "../../library/mod.ts";
import { chooseMatch, chooseOwner, type HashedFile, isProvedBySidecar, type Owner } from "./_choose_owner.ts";
import { lookUpModels, orNull } from "./_model_lookup.ts";
import type { RebuildClient } from "./rebuild_client.ts";
import { sidecarModel } from "./_sidecar_model.ts";

/** Result of identifying a file on disk. */
export interface IdentifiedFile<T extends HashedFile> {
  readonly file: T;
  /** The published file; `null` when neither sidecars nor the API identify it. */
  readonly owner: Owner | null;
  /** Whether only sidecars identified it. */
  readonly isBySidecar: boolean;
}

/** Options of {@linkcode identifyFiles}. */
export interface IdentifyFilesOptions extends UnreadableOptions {
  /** Looks up hashes and models; `null` uses sidecars alone. */
  readonly client: RebuildClient | null;
  /** Sidecars of the whole library, since the sidecars of one file may describe another. */
  readonly sidecars: SidecarIndex;
  /** Called if a look-up fails. The remaining files are then identified by sidecars alone. */
  readonly onLookUpFailure: (failure: FailureError) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Identify files by their own sidecars, then by hash with the API, then by sidecars of other files. A sidecar that has
 * the hash of the file next to it proves as much as the API and needs no network. Yield each file once, in any order.
 */
export async function* identifyFiles<T extends HashedFile>(
  root: string,
  files: readonly T[],
  options: IdentifyFilesOptions,
): AsyncGenerator<IdentifiedFile<T>> {
  const { client, sidecars, onLookUpFailure } = options;
  const open = new Set(files);
  const slices = new TimeSlices();
  for (const file of files) {
    await slices.pause();
    const owner = ownerByOwnSidecar(root, file);
    if (owner === null) continue;
    open.delete(file);
    yield { file, owner, isBySidecar: true };
  }
  if (client !== null && open.size > 0) {
    try {
      for await (const { file, owner } of lookUpFiles(client, [...open], options)) {
        open.delete(file);
        yield { file, owner, isBySidecar: false };
      }
    } catch (error) {
      if (!isLookUpFailure(error)) throw error;
      onLookUpFailure(error);
    }
  }
  for (const file of open) {
    await slices.pause();
    const owner = ownerByOtherSidecar(root, file, sidecars);
    yield { file, owner, isBySidecar: owner !== null };
  }
}

function isLookUpFailure(error: unknown): error is FailureError {
  return error instanceof FailureError && error.failure !== "disk" && error.failure !== "cancelled";
}

async function* lookUpFiles<T extends HashedFile>(
  client: RebuildClient,
  files: readonly T[],
  { signal, onUnreadable }: IdentifyFilesOptions,
): AsyncGenerator<{ readonly file: T; readonly owner: Owner }> {
  const found = await findVersions(client, files, { signal, onUnreadable });
  for await (const model of lookUpModels(client, versionsByModel(found.values()), signal)) {
    yield* ownersIn(model, found);
  }
}

interface FoundVersion {
  readonly modelId: number;
  readonly versionId: number;
}

/** Find the version that each file seems to belong to: by hash, otherwise by a sidecar that contains the right hash. */
async function findVersions<T extends HashedFile>(
  client: RebuildClient,
  files: readonly T[],
  options: Pick<IdentifyFilesOptions, "signal" | "onUnreadable">,
): Promise<ReadonlyMap<T, FoundVersion>> {
  const { signal } = options;
  const matches = await client.versionIdsByHashes(files.map(({ sha256 }) => sha256), options);
  const byHash = Map.groupBy(matches, (match) => match.sha256);
  const found = new Map<T, FoundVersion>();
  for (const file of files) {
    const { scanned } = file;
    const match = chooseMatch(byHash.get(file.sha256) ?? [], scanned);
    if (match !== null) {
      const modelId = match.modelId ?? await modelIdOf(client, match, { file, signal });
      if (modelId !== null) found.set(file, { modelId, versionId: match.versionId });
    } else if (isProvedBySidecar(file) && scanned.modelId !== null) {
      found.set(file, { modelId: scanned.modelId, versionId: scanned.versionId! });
    }
  }
  return found;
}

/** Find the model of a match whose response omits it: from the sidecar, otherwise from the API; `null` if unknown. */
async function modelIdOf(
  client: RebuildClient,
  match: HashMatch,
  context: { readonly file: HashedFile; readonly signal: AbortSignal | undefined },
): Promise<number | null> {
  const { file: { scanned }, signal } = context;
  if (scanned.versionId === match.versionId && scanned.modelId !== null) return scanned.modelId;
  return (await orNull(() => client.version(match.versionId, { signal })))?.modelId ?? null;
}

function versionsByModel(found: Iterable<FoundVersion>): ReadonlyMap<number, ReadonlySet<number>> {
  const result = new Map<number, Set<number>>();
  for (const { modelId, versionId } of found) {
    if (!result.has(modelId)) result.set(modelId, new Set());
    result.get(modelId)!.add(versionId);
  }
  return result;
}

function* ownersIn<T extends HashedFile>(
  model: Model,
  found: ReadonlyMap<T, FoundVersion>,
): Generator<{ readonly file: T; readonly owner: Owner }> {
  for (const [file, version] of found) {
    const owner = version.modelId === model.id ? chooseOwner(model, version.versionId, file) : null;
    if (owner !== null) yield { file, owner };
  }
}

function ownerByOwnSidecar(root: string, file: HashedFile): Owner | null {
  const { scanned } = file;
  if (scanned.versionId === null || !isProvedBySidecar(file)) return null;
  const model = sidecarModel(root, sidecarPath(scanned.path, ".civitai.info"));
  return model === null ? null : chooseOwner(model, scanned.versionId, file);
}

function ownerByOtherSidecar(root: string, file: HashedFile, sidecars: SidecarIndex): Owner | null {
  const { scanned, sha256 } = file;
  for (const { infoPath, versionId, fileId } of sidecars.claimsOf(scanned, sha256)) {
    const model = sidecarModel(root, infoPath);
    const claimed = { ...file, scanned: { ...scanned, versionId, fileId, sha256 } };
    const owner = model === null ? null : chooseOwner(model, versionId, claimed);
    if (owner !== null) return owner;
  }
  return null;
}
