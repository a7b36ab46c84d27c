import { publishedHashes } from "./published_hashes.ts";
import { CANONICAL_ORIGIN, type World } from "../../_world.ts";
import type { CatalogFile } from "../../catalog/catalog_model.ts";

/** Which endpoint a file is rendered for. */
export interface FileForm {
  /** `list`: in `/models`; `model`: in `/models/{id}`; `version`: in `/model-versions/{id}`. */
  readonly form: "list" | "model" | "version";
  /** Id of the version that it is shown with, which is not its own version if the file is linked. */
  readonly versionId: number;
  /** Id of the primary file; `null` if there is none. */
  readonly primaryId: number | null;
  /** Origin of download URLs; by default that of the live service. */
  readonly origin?: string | undefined;
}

/**
 * Build the URL of a file on the download route: without parameters for the primary file, otherwise with its properties
 * as parameters.
 */
export function downloadUrl(file: CatalogFile, form: FileForm): string {
  const { origin = CANONICAL_ORIGIN, versionId } = form;
  const base = `${origin}/api/download/models/${versionId}`;
  if (file.id === form.primaryId) return base;
  const query = [`type=${encodeURIComponent(file.type)}`];
  if (file.type !== "Training Data") {
    query.push(`format=${encodeURIComponent(file.format)}`);
    for (const name of ["size", "fp", "quantType"] as const) {
      if (file[name] !== null) query.push(`${name}=${encodeURIComponent(file[name])}`);
    }
  }
  return `${base}?${query.join("&")}`;
}

/** Render a file as the API returns it. */
export async function renderFile(world: World, file: CatalogFile, form: FileForm): Promise<Record<string, unknown>> {
  const { scanned, format, size, fp, quantType } = file;
  const isPrimary = file.id === form.primaryId;
  const found = file.flagged
    ? { pickle: "Danger", message: "1 dangerous import found" }
    : { pickle: "Success", message: "No Pickle imports" };
  const known = Object.entries({ format, size, fp, quantType }).filter(([name, value]) =>
    form.form === "list" ? name !== "quantType" || value !== null : value !== null
  );
  return {
    id: file.id,
    sizeKB: Math.round(file.sizeBytes / 1024 * 100) / 100,
    name: form.form === "version" ? file.composedName : file.name,
    ...(form.form === "version" ? {} : { overrideName: file.overridden ? file.name : null }),
    type: file.type,
    pickleScanResult: scanned ? found.pickle : "Pending",
    pickleScanMessage: scanned ? found.message : null,
    virusScanResult: scanned ? "Success" : "Pending",
    virusScanMessage: null,
    scannedAt: scanned ? "2025-06-11T09:41:07.218Z" : null,
    metadata: Object.fromEntries(known.filter(([name]) => form.form !== "version" || name !== "quantType")),
    hashes: await publishedHashes(world.hasher, file),
    downloadUrl: downloadUrl(file, form),
    // In a model response, only the primary file has this key.
    ...(isPrimary || form.form === "version" ? { primary: isPrimary } : {}),
  };
}
