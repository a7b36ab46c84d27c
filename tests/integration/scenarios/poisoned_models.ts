import { DEFAULT_CHOICE, download, type DownloadEvent, type Library } from "../../../lib/downloader/mod.ts";
import { join } from "node:path";
import { type CatalogItem, sidecarPath } from "../../../lib/library/mod.ts";
import { createFetchTransport, PROFILES } from "../../../lib/transfer/mod.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";
import { withLibrary } from "../../helpers/library/kept_library.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { fetchOptions } from "../../helpers/library/fetch_options.ts";
import { type OddModel, plainModel, renumbered, serveOddCivitai } from "../../helpers/servers/odd_civitai.ts";
import { type FieldPath, fieldsOf, type Poison, writePoisoned } from "./poisons.ts";

/** A model with a poisoned field. */
interface PoisonedModel {
  readonly id: number;
  readonly model: OddModel;
  readonly path: FieldPath;
  readonly poison: Poison;
  /** Place on its page, from 1. */
  readonly position: number;
}

/** The result of poisoned models. */
export interface PoisonFigures {
  readonly models: number;
  readonly healthy: number;
  /** Fetched items. */
  readonly done: number;
  readonly unreadable: number;
  /** Problems, each with field and poison. */
  readonly problems: readonly string[];
}

const PAGE_SIZE = 40;
/** Every so many models of a page, one is intact. */
const HEALTHY_EVERY = 8;
/** Every file and image of a model. */
const ALL = { ...DEFAULT_CHOICE, files: ["all"], previews: 20, gallery: 0, maxImages: 0, tryEarlyAccess: true };

/**
 * Poison the fields of the fixtures' models, and download them all from a real server into a real library, twice.
 *
 * @param choose Which poisons a field gets
 * @returns The result
 */
export async function runPoisonedModels(
  choose: (fieldIndex: number) => readonly Poison[],
): Promise<PoisonFigures> {
  await using civitai = serveOddCivitai();
  const { url } = civitai;
  const poisoned: PoisonedModel[] = [];
  const healthy: OddModel[] = [];
  const pages: string[][] = [[]];
  const add = (text: (position: number) => string): void => {
    if (pages.at(-1)!.length === PAGE_SIZE) pages.push([]);
    const page = pages.at(-1)!;
    page.push(text(page.length + 1));
  };
  let id = 1000;
  for (const [index, { template, path }] of templates().entries()) {
    for (const poison of choose(index)) {
      if (id % HEALTHY_EVERY === 0) {
        const well = plainModel(id++, url);
        healthy.push(well);
        add(() => JSON.stringify(well));
      }
      const model = renumbered(onlyVersionOf(template, path), id, url);
      const own = id++;
      add((position) => {
        poisoned.push({ id: own, model, path, poison, position });
        return writePoisoned(model, path, poison);
      });
    }
  }
  civitai.pages.set("/api/v1/models", pages.map((page) => `[${page.join()}]`));
  const problems: string[] = [];
  let done = 0;
  let unreadable = 0;
  await withLibrary(async (library) => {
    using transport = createFetchTransport();
    const events: DownloadEvent[] = [];
    const client = civitai.clientWith(library.catalog.responses);
    const run = () =>
      download({
        ...fetchOptions({
          library,
          client,
          transport: transport.send,
          profile: PROFILES.parallel,
          clock: new FakeClock(Date.now()),
          onEvent: (event) => void events.push(event),
        }),
        choice: ALL,
        command: "download",
        reserveBytes: 0,
        targets: [{ type: "search", query: {} }],
        approve: () => Promise.resolve(true),
      });
    const first = await run();
    if (first.run?.stopped !== null) problems.push(`the run stopped: ${first.run?.stopped.message}`);
    const said = events.filter((event) => event.type === "unreadable").map(({ target, name, reason }) =>
      `${target}: ${name}: ${reason}`
    );
    const rows = [...library.catalog.items()];
    const there = new Set(rows.filter(({ state }) => state === "done").map(nameOf));
    for (const item of healthy.flatMap((model) => [...itemsOf(model)])) {
      if (!there.has(nameOf(item))) problems.push(`healthy ${item.key} is not there`);
    }
    const byModel = Map.groupBy(rows, (item) => item.modelId ?? 0);
    for (const one of poisoned) problems.push(...judge(one, { rows: byModel.get(one.id) ?? [], there, said }));
    problems.push(...await brokenSidecars(library));
    done = library.catalog.totals({ states: ["done"] }).count;
    unreadable = first.plan.unreadable.count;
    const again = await run();
    if (again.plan.unreadable.count !== unreadable) problems.push("the kept answers are read in another way");
    const known = library.catalog.totals({ states: ["done"] }).count;
    if (again.run?.stopped !== null || known !== done) problems.push(`the second run left ${known} of ${done}`);
  });
  return { models: poisoned.length, healthy: healthy.length, done, unreadable, problems };
}

/** Each field of any model of the fixtures, with a model that has it. */
function templates(): readonly { readonly template: OddModel; readonly path: FieldPath }[] {
  const pages = ["models_page1.json", "models_page2.json", "models_page_numeric_cursor_with_page.json"];
  const models = [
    ...pages.flatMap((name) => fixture<{ readonly items: readonly OddModel[] }>(name).items),
    ...["model_full.json", "model_archived.json"].map((name) => fixture<OddModel>(name)),
  ];
  const found = new Map<string, { readonly template: OddModel; readonly path: FieldPath }>();
  for (const template of models) {
    for (const path of fieldsOf(template)) {
      const place = path.map((part) => typeof part === "number" ? "*" : part).join("/");
      if (!found.has(place)) found.set(place, { template, path });
    }
  }
  return [...found.values()];
}

/** A model without the versions after the poisoned one: they only take time. */
function onlyVersionOf(template: OddModel, path: FieldPath): OddModel {
  const last = path[0] === "modelVersions" && typeof path[1] === "number" ? path[1] : 0;
  return { ...template, modelVersions: template.modelVersions.slice(0, last + 1) };
}

/** A file or image that the model would have without its poison. */
interface WantedItem {
  readonly key: string;
  readonly modelId: number;
  readonly fileId: number | null;
  readonly imageId: number | null;
  readonly path: FieldPath;
}

function* itemsOf(model: OddModel): Generator<WantedItem> {
  const modelId = model.id as number;
  for (const [at, version] of model.modelVersions.entries()) {
    const own = ["modelVersions", at] as const;
    for (const [index, file] of (version.files ?? []).entries()) {
      const fileId = file.id as number;
      const path = [...own, "files", index];
      yield { key: `file:${version.id}:${fileId}`, modelId, fileId, imageId: null, path };
    }
    const isSold = typeof model["mode"] === "string" || (version.files ?? []).length === 0;
    for (const [index, image] of isSold ? [] : (version.images ?? []).entries()) {
      if (typeof image["nsfwLevel"] === "number" && image["nsfwLevel"] > 31) continue;
      const imageId = (version.id as number) * 10 + index;
      const path = [...own, "images", index];
      yield { key: `preview:${version.id}:${imageId}`, modelId, fileId: null, imageId, path };
    }
  }
}

/** A file or image anywhere: a poison may have assigned it to another model or version. */
function nameOf({ fileId, imageId }: Pick<CatalogItem, "fileId" | "imageId">): string {
  return fileId === null ? `image ${imageId}` : `file ${fileId}`;
}

/** The result of a run. */
interface Leftover {
  /** Rows of the poisoned model. */
  readonly rows: readonly CatalogItem[];
  /** Finished items, by {@linkcode nameOf}. */
  readonly there: ReadonlySet<string>;
  /** Lines about unreadable entries. */
  readonly said: readonly string[];
}

/** What is not poisoned must exist; what is may be missing if that is reported. */
function judge(one: PoisonedModel, { rows, there, said }: Leftover): readonly string[] {
  const { id, model, path, poison, position } = one;
  const where = `${path.join(".") || "all"} = ${poison.name}`;
  const marks = [`Model ${id}"`, `model:${id}`, `model ${id}`, `model #${position}`];
  const isNamed = said.some((line) => marks.some((mark) => line.includes(mark))) ||
    rows.some((row) => row.state !== "done" && row.reason !== null);
  return [...itemsOf(model)].filter((item) => !there.has(nameOf(item)) && !(isNamed && isHit(item, path)))
    .map((item) => `${where}: ${item.key} is ${isHit(item, path) ? "not named" : "lost"}`);
}

/** Whether a poison at a place may cost an item: it is in the item, in its parents, or in its list. */
function isHit(item: WantedItem, path: FieldPath): boolean {
  // Images are beside a file.
  if (item.imageId !== null && path[2] === "files") return path[1] === item.path[1];
  const list = path.findIndex((part) => part === "files" || part === "images");
  const entry = list === -1 ? path.slice(0, 2) : path.slice(0, list + 2);
  return path[0] !== "modelVersions" || entry.every((part, index) => part === item.path[index]);
}

/** Unreadable sidecars. */
async function brokenSidecars(library: Library): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const item of library.catalog.items({ kinds: ["file"], states: ["done"] })) {
    for (const ext of [".civitai.info", ".metadata.json", ".json"]) {
      const path = join(library.root, sidecarPath(item.path, ext));
      try {
        JSON.parse(await Deno.readTextFile(path));
      } catch (error) {
        const isSideFile = /"(?:Config|Training Data|Workflow|Archive|Other)"/.test(item.source ?? "");
        if (!isSideFile) broken.push(`${item.key}: ${ext}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  return broken;
}
