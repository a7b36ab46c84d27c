import { KitError, statSyncOrNull } from "../../base/mod.ts";
import { type ModelDocument, readModelDocument } from "../../downloader/mod.ts";
import { resolveInside } from "../../library/mod.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { notFound, RouteError } from "../http/route_error.ts";
import type { ViewIndex } from "../view/view_index.ts";
import { modelSchema } from "./shapes/model.ts";

/** Options of {@linkcode modelRoutes}. */
export interface ModelRoutesOptions {
  /** The library. */
  readonly root: string;
  readonly view: Pick<ViewIndex, "catalog">;
  /** Shows a folder on the screen of this machine; `null` if the server is not for this machine alone. */
  readonly openFolder: ((path: string) => Promise<void>) | null;
}

/** Routes of one model. */
export function modelRoutes({ root, view, openFolder }: ModelRoutesOptions): readonly Route[] {
  const read = async (id: string | undefined): Promise<ModelDocument> => {
    const model = /^[1-9]\d{0,14}$/.test(id ?? "")
      ? await view.catalog.use((catalog) => readModelDocument(catalog, Number(id)))
      : null;
    if (model === null) throw notFound("Cannot find this model: the library has none with this id");
    return model;
  };
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/models/{id}",
      example: { params: { id: "123" } },
      summary: "All that the library knows of a model",
      answer: modelSchema,
      handle: ({ params }) => read(params["id"]),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/models/{id}/open-folder",
      summary: "Show the folder of a model on the screen of the server's machine",
      answer: null,
      async handle({ params }) {
        if (openFolder === null) {
          throw new RouteError("forbidden", "Cannot open a folder: the server is not for this machine alone");
        }
        const { folder } = await read(params["id"]);
        if (folder === null) throw notFound("Cannot open the folder: nothing of the model is on disk");
        await openFolder(await findFolder(root, folder));
        return { status: 204, body: null };
      },
    }),
  ];
}

/** The path of a folder below the library, which must be one; a catalog that somebody has changed may say anything. */
async function findFolder(root: string, folder: string): Promise<string> {
  const path = folder === "" ? root : await resolveInside(root, folder, { access: "enter" });
  const info = statSyncOrNull(path);
  if (info === null) throw notFound("Cannot open the folder: it is not there");
  if (!info.isDirectory) throw new KitError("unsafe", `Cannot open "${folder}": it is no folder`);
  return path;
}
