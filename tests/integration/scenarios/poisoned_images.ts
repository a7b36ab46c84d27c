import { join } from "node:path";
import { DEFAULT_CHOICE, download, type DownloadEvent } from "../../../lib/downloader/mod.ts";
import { createFetchTransport, PROFILES } from "../../../lib/transfer/mod.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";
import { withLibrary } from "../../helpers/library/kept_library.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { fetchOptions } from "../../helpers/library/fetch_options.ts";
import { type OddEntry, serveOddCivitai } from "../../helpers/servers/odd_civitai.ts";
import { type FieldPath, fieldsOf, type Poison, writePoisoned } from "./poisons.ts";

/** The result of poisoned images. */
export interface PoisonedImageFigures {
  readonly images: number;
  readonly done: number;
  readonly unreadable: number;
  /** Problems, each with field and poison. */
  readonly problems: readonly string[];
}

const PAGE_SIZE = 50;
const USER = "brambleforge";

/**
 * Poison the fields of images in a user's feed, beside as many intact ones, and download them.
 *
 * @param choose Which poisons a field gets
 * @returns The result
 */
export async function runPoisonedImages(
  choose: (fieldIndex: number) => readonly Poison[],
): Promise<PoisonedImageFigures> {
  await using civitai = serveOddCivitai();
  const image = (template: OddEntry, id: number): OddEntry => (
    { ...template, id, url: `${civitai.url}/image/${id}.jpeg`, username: USER, browsingLevel: 1 }
  );
  const texts: string[] = [];
  const wanted: { readonly id: number; readonly where: string | null; readonly position: number }[] = [];
  const add = (id: number, where: string | null, text: string): void => {
    texts.push(text);
    wanted.push({ id, where, position: (texts.length - 1) % PAGE_SIZE + 1 });
  };
  let id = 5000;
  for (const [index, { template, path }] of templates().entries()) {
    for (const poison of choose(index)) {
      const well = image(template, id++);
      const odd = image(template, id++);
      add(well.id as number, null, JSON.stringify(well));
      add(odd.id as number, `${path.join(".") || "all"} = ${poison.name}`, writePoisoned(odd, path, poison));
    }
  }
  const pages = Array.from(
    { length: Math.ceil(texts.length / PAGE_SIZE) },
    (_, page) => `[${texts.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE).join()}]`,
  );
  civitai.pages.set("/api/v1/images", pages);
  const problems: string[] = [];
  let done = 0;
  let unreadable = 0;
  await withLibrary(async (library) => {
    using transport = createFetchTransport();
    const said: string[] = [];
    const onEvent = (event: DownloadEvent): void => {
      if (event.type === "unreadable") said.push(`${event.name}: ${event.reason}`);
    };
    const { plan, run } = await download({
      ...fetchOptions({
        library,
        client: civitai.client,
        transport: transport.send,
        profile: PROFILES.parallel,
        onEvent,
        clock: new FakeClock(Date.now()),
      }),
      choice: { ...DEFAULT_CHOICE, maxImages: 1e6 },
      command: "download",
      reserveBytes: 0,
      targets: [{ type: "user", username: USER }],
      approve: () => Promise.resolve(true),
    });
    if (run?.stopped !== null) problems.push(`the run stopped: ${run?.stopped.message}`);
    const rows = [...library.catalog.items({ kinds: ["image"] })];
    const there = new Set(
      rows.filter(({ state }) => state === "done").map(({ source }) => /(\d+)\.jpeg/.exec(source!)?.[1]),
    );
    for (const { id, where, position } of wanted) {
      // Another user's image does not belong to this user.
      const isNamed = where !== null &&
        (where.startsWith("username = ") || said.some((line) => line.includes(`#${position}`)) ||
          rows.some((row) => row.imageId === id && row.reason !== null));
      if (!there.has(String(id)) && !isNamed) problems.push(`${where ?? "a healthy one"}: image ${id} is lost`);
    }
    const listed = JSON.parse(await Deno.readTextFile(join(library.root, `images/${USER}/images_metadata.json`)));
    if (listed.length < wanted.length / 2) problems.push(`images_metadata.json has ${listed.length} entries`);
    done = there.size;
    unreadable = plan.unreadable.count;
  });
  return { images: wanted.length, done, unreadable, problems };
}

/** Each field of any image of the fixtures, with an image that has it. */
function templates(): readonly { readonly template: OddEntry; readonly path: FieldPath }[] {
  const names = ["images_page.json", "images_page2.json", "images_modelid_nested_meta.json"];
  const found = new Map<string, { readonly template: OddEntry; readonly path: FieldPath }>();
  for (const template of names.flatMap((name) => fixture<{ readonly items: readonly OddEntry[] }>(name).items)) {
    for (const path of fieldsOf(template)) {
      const place = path.map((part) => typeof part === "number" ? "*" : part).join("/");
      if (!found.has(place)) found.set(place, { template, path });
    }
  }
  return [...found.values()];
}
