import type { ApiCall } from "../api_call.ts";
import { parseId } from "../api_errors.ts";
import { type HttpResponse, jsonResponse } from "../../http/http_message.ts";
import { renderModel } from "../render/render_model.ts";
import { DEFAULT_PREFERENCE } from "../render/file_preference.ts";

/** `GET /models/{id}`: all data of one model, without empty keys. */
export async function getModel(call: ApiCall, text: string): Promise<HttpResponse> {
  const id = parseId(text);
  if (typeof id !== "number") return id;
  const { world, allowedLevels } = call;
  const model = world.catalog.model(id);
  if (model === null || (model.nsfwLevel & allowedLevels) === 0) {
    return jsonResponse(404, { error: `No model with id ${id}` });
  }
  const form = {
    form: "model",
    imageLevels: allowedLevels,
    preference: DEFAULT_PREFERENCE,
    primaryFileOnly: false,
  } as const;
  return jsonResponse(200, await renderModel(world, model, model.versions, form));
}
