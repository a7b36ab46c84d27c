import { z } from "zod";
import { KitError } from "../../base/mod.ts";
import type { Catalog } from "../../library/mod.ts";
import { defineRoute, type Route, type RouteAnswer, type RouteInput } from "../http/route.ts";
import { notFound, RouteError } from "../http/route_error.ts";
import { answerPicture } from "../pictures/answer_picture.ts";
import type { ImageSources, ShownImage } from "../pictures/image_sources.ts";
import { answerLocalPicture } from "../pictures/local_pictures.ts";
import type { Previews } from "../pictures/previews.ts";
import type { StreamSlots } from "../pictures/stream_slots.ts";

/** Options of {@linkcode pictureRoutes}. */
export interface PictureRoutesOptions {
  /** The library. */
  readonly root: string;
  readonly catalog: () => Pick<Catalog, "itemById">;
  readonly images: Pick<ImageSources, "items">;
  readonly previews: Pick<Previews, "get">;
  readonly slots: StreamSlots;
}

/** Time for which a local picture is used without asking again, in seconds. */
const LOCAL_SECONDS = 3600;
/** The same for one that stands for a preview which could not be fetched: a later request may find that. */
const STAND_IN_SECONDS = 60;

const querySchema = z.object({
  width: z.enum(["96", "320", "450", "original"]).default("450"),
});

type PictureInput = RouteInput<z.infer<typeof querySchema>, unknown>;

/** Define the route of previews: from Civitai at a width, or from the library. */
export function pictureRoutes(options: PictureRoutesOptions): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/previews/{path...}",
      summary:
        "A picture: an image by its id, alone or after that of its version, at a width; or local/ITEM, a file as it is",
      query: querySchema,
      answer: null,
      handle: (input: PictureInput) => answerPath(input, options),
    }),
  ];
}

/** `123`, `45/123` with the version that shows the image, or `local/6`. */
const PATH = /^(?:(local\/)|([1-9]\d{0,14})\/)?([1-9]\d{0,14})$/;

async function answerPath(input: PictureInput, options: PictureRoutesOptions): Promise<RouteAnswer> {
  const [, local, version, digits] = PATH.exec(input.params["path"] ?? "") ?? [];
  if (digits === undefined) {
    throw notFound("Cannot find this picture", { hint: "Ask for /previews/IMAGE, VERSION/IMAGE or local/ITEM" });
  }
  const id = Number(digits);
  if (local === undefined) {
    const image = { imageId: id, versionId: version === undefined ? null : Number(version) };
    return await answerImage(image, input, options);
  }
  const item = options.catalog().itemById(id);
  if (item === null) throw notFound("Cannot find this picture");
  const { root, slots } = options;
  const { header, signal } = input;
  return await answerLocalPicture(item, { root, slots, header, signal, maxAgeSeconds: LOCAL_SECONDS, isStill: false });
}

/** Answer with the preview of an image, or with a file of the library that stands for it. */
async function answerImage(
  image: ShownImage,
  input: PictureInput,
  options: PictureRoutesOptions,
): Promise<RouteAnswer> {
  const { root, slots } = options;
  const { query, header, signal } = input;
  const width = query.width === "original" ? 0 : Number(query.width);
  const picture = await options.previews.get({ ...image, width }, signal);
  if (picture !== null) return answerPicture(picture, input);
  const local = { root, slots, header, signal, maxAgeSeconds: STAND_IN_SECONDS, isStill: true };
  for (const item of options.images.items(image)) {
    try {
      return await answerLocalPicture(item, local);
    } catch (error) {
      // Another item may have a file that is as it was.
      if (!(error instanceof KitError) && !(error instanceof RouteError && error.status === 404)) throw error;
    }
  }
  throw notFound("Cannot find this picture: neither Civitai nor the library has it now");
}
