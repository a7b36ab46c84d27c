import type { ApiCall } from "../api_call.ts";
import { parseId } from "../api_errors.ts";
import { chooseFile } from "../render/choose_file.ts";
import { type HttpResponse, jsonResponse } from "../../http/http_message.ts";
import { publishedHashes } from "../render/published_hashes.ts";
import { downloadUrl } from "../render/render_file.ts";
import { airOf, availabilityOf, isoOf, renderVersion } from "../render/render_version.ts";
import { DEFAULT_PREFERENCE } from "../render/file_preference.ts";

/** `GET /model-versions/{id}`: one version with its files. */
export async function getVersion(call: ApiCall, text: string): Promise<HttpResponse> {
  const id = parseId(text);
  if (typeof id !== "number") return id;
  const version = call.world.catalog.version(id);
  return version === null
    ? jsonResponse(404, { error: "Model not found" })
    : jsonResponse(200, await renderVersion(call.world, version));
}

/** `GET /model-versions/mini/{id}`: the data for a download; the file has the name under which it was uploaded. */
export async function getMiniVersion(call: ApiCall, text: string): Promise<HttpResponse> {
  const id = parseId(text);
  if (typeof id !== "number") return id;
  const { world, query } = call;
  const version = world.catalog.version(id);
  if (version === null) return jsonResponse(404, { error: "Model not found" });
  const model = world.catalog.model(version.modelId)!;
  const wanted = query.get("modelFileId");
  const primary = chooseFile(version.files, DEFAULT_PREFERENCE);
  const file = wanted === null ? primary : version.files.find((it) => `${it.id}` === wanted) ?? null;
  if (file === null) return jsonResponse(404, { error: "Missing model file" });
  const isGated = availabilityOf(version) === "EarlyAccess";
  return jsonResponse(200, {
    air: airOf(model, version),
    versionName: version.name,
    modelName: model.name,
    userId: model.userId,
    baseModel: version.baseModel,
    availability: availabilityOf(version),
    publishedAt: isoOf(version.publishedAtMs),
    size: file.scanned ? Math.round(file.sizeBytes / 1024 * 100) / 100 : null,
    fileType: file.type,
    fileName: file.storedName,
    hashes: await publishedHashes(world.hasher, file),
    downloadUrls: [downloadUrl(file, { form: "version", versionId: id, primaryId: primary?.id ?? null })],
    format: file.format,
    canGenerate: !isGated,
    isFeatured: false,
    requireAuth: version.requiresLogin || isGated,
    checkPermission: isGated,
    ...(version.earlyAccessUntilMs === null ? {} : { earlyAccessEndsAt: isoOf(version.earlyAccessUntilMs) }),
    additionalResourceCharge: false,
    minor: false,
    sfwOnly: false,
    fees: [],
    payoutEnabled: true,
  });
}
