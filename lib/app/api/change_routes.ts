import { findForgettable, forget, type Library } from "../../downloader/mod.ts";
import { ChangeLog, type ChangeRecord, keptUntil, undoChange } from "../../library/mod.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { notFound } from "../http/route_error.ts";
import {
  type ChangeDocument,
  changeSchema,
  changesSchema,
  type ForgetRequest,
  forgetRequestSchema,
  forgottenSchema,
} from "./shapes/change.ts";

/** Options of {@linkcode changeRoutes}. */
export interface ChangeRoutesOptions {
  /** The library. */
  readonly root: string;
  /** Open the library to change it at once; refuse, with the holder's name, if another run holds it. */
  readonly openToChange: (command: string, options: { readonly signal: AbortSignal }) => Promise<Library>;
  /** How long the trash keeps files, in milliseconds. */
  readonly trashMs: number;
}

/** Routes that change what the library has, and take that back. */
export function changeRoutes({ root, openToChange, trashMs }: ChangeRoutesOptions): readonly Route[] {
  const openLog = (): ChangeLog => new ChangeLog(root);
  const toShape = ({ leftOut, ...record }: ChangeRecord): ChangeDocument => ({
    ...record,
    keptUntil: keptUntil(record, trashMs),
    leftOut: leftOut.map((file) => ({ ...file })),
  });
  return [
    defineRoute<unknown, ForgetRequest>({
      method: "POST",
      path: "/api/v1/models/{id}/forget",
      summary:
        "Do without a model from now on, and put its files into the trash; 409 while another run holds the library",
      body: forgetRequestSchema,
      answer: forgottenSchema,
      example: { params: { id: "123" }, body: {} },
      async handle({ params, body: { keepFiles }, signal }) {
        const id = readId(params, "this model");
        using library = await openToChange("forget", { signal });
        const forgettable = findForgettable(library, `model:${id}`);
        const { change, files, kept } = await forget(library, forgettable, { keepFiles, trashMs });
        return {
          change: change === null ? null : toShape(change),
          files: files.length,
          bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
          kept,
        };
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/changes",
      summary: "What was changed in the library and can be undone, the newest change first",
      answer: changesSchema,
      handle: async () => ({ changes: (await openLog().list()).map(toShape) }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/changes/{id}/undo",
      summary: "Take a change back; 409 if another file is in the way, or while another run holds the library",
      answer: changeSchema,
      example: { params: { id: "1" } },
      async handle({ params, signal }) {
        const id = readId(params, "this change");
        if (await openLog().record(id) === null) {
          throw notFound(`Cannot find change ${id}: there is none with this number`);
        }
        using library = await openToChange("undo", { signal });
        return toShape(await undoChange(library, id));
      },
    }),
  ];
}

function readId({ id = "" }: Readonly<Record<string, string>>, what: string): number {
  if (/^[1-9]\d{0,14}$/.test(id)) return Number(id);
  throw notFound(`Cannot find ${what}: "${id}" is no number of one`);
}
