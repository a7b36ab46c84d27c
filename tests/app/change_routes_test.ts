import { assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { changeRoutes } from "../../lib/app/api/change_routes.ts";
import { changeSchema, changesSchema, forgottenSchema } from "../../lib/app/api/shapes/change.ts";
import type { Route } from "../../lib/app/http/route.ts";
import { toRouteError } from "../../lib/app/http/route_error.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { keep, withLibrary } from "../helpers/library/kept_library.ts";
import { treeOf } from "../library/changes/_changed_library.ts";

/** Call a route as the server does. */
async function ask(routes: readonly Route[], path: string, id: string, given: unknown = {}): Promise<unknown> {
  const route = routes.find((candidate) => candidate.path === path)!;
  const body = route.body?.parse(given) ?? {};
  return await route.handle({
    params: { id },
    query: {},
    body,
    header: () => null,
    signal: AbortSignal.timeout(60_000),
  });
}

const FORGET = "/api/v1/models/{id}/forget";
const CHANGES = "/api/v1/changes";
const UNDO = "/api/v1/changes/{id}/undo";

async function statusOf(answer: Promise<unknown>): Promise<readonly [number, string]> {
  const { status, message } = toRouteError(await assertRejects(() => answer));
  return [status, message];
}

Deno.test("a model is forgotten by the API, and the change is listed and undone", () =>
  withLibrary(async (library) => {
    const { root } = library;
    await keep(library, 1, new Uint8Array(7), { path: "models/a/1.bin" });
    library[Symbol.dispose]();
    const tree = await treeOf(root);
    const openToChange = (command: string, { signal }: { readonly signal: AbortSignal }) =>
      openLibrary(root, { command, mustExist: true, signal });
    const routes = changeRoutes({ root, openToChange, trashMs: 86_400_000 });
    const answer = forgottenSchema.parse(await ask(routes, FORGET, "1"));
    assertEquals([answer.files, answer.bytes, answer.change?.id, answer.kept], [1, 7, 1, []]);
    assertEquals(await exists(join(root, "models")), false);
    assertEquals(forgottenSchema.parse(await ask(routes, FORGET, "1")).change, null);
    const { changes: [change] } = changesSchema.parse(await ask(routes, CHANGES, ""));
    assertEquals([change?.state, change?.trashBytes, change?.keptUntil === null], ["applied", 7, false]);
    assertEquals(changeSchema.parse(await ask(routes, UNDO, "1")).state, "undone");
    assertEquals(await treeOf(root), tree);
    assertEquals((await statusOf(ask(routes, UNDO, "1")))[0], 409);
    for (const id of ["2", "0", "x", "../1"]) assertEquals((await statusOf(ask(routes, UNDO, id)))[0], 404);
    for (const id of ["0", "-1", "1e3", ""]) assertEquals((await statusOf(ask(routes, FORGET, id)))[0], 404);
    {
      using _held = await openLibrary(root, { command: "download" });
      const [status, message] = await statusOf(ask(routes, FORGET, "1"));
      assertEquals([status, /held by "download"/.test(message)], [409, true]);
    }
    const kept = forgottenSchema.parse(await ask(routes, FORGET, "1", { keepFiles: true }));
    assertEquals([kept.files, await treeOf(root)], [0, tree]);
  }));
