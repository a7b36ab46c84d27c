import { crc32, deflateSync } from "node:zlib";
import type { Cards, LibraryAnswer } from "../../lib/app/api/shapes/library.ts";

const TYPES = ["Checkpoint", "LORA", "LoCon", "TextualInversion", "VAE", "Controlnet"];
const BASES = ["SDXL 1.0", "Illustrious", "Pony", "SD 1.5", "Flux.1 D", "NoobAI"];
const STATES = ["done", "done", "done", "done", "partial", "planned", "failed", "corrupted"] as const;
const LEVELS = [1, 1, 1, 2, 4, 8, 16];
const NAMES = ["Ink wash", "夜の街", "Retro anime", "Detail tweaker", "Кинематограф", "العربية", "Film grain XL"];
const HASHES = ["LEHV6nWB2yk8pyo0adR*.7kCMdnj", "L6PZfSi_.AyE_3t7t7R**0o#DgR4", "LKN]Rv%2Tw=w]~RBVZRi};RPxuwH"];
const PICTURES = 24;

/** An API with a number of invented models, which answers from memory: what is measured is the page. */
export class ManyModels {
  readonly #ids: readonly number[];
  readonly #pictures: readonly Uint8Array<ArrayBuffer>[] = Array.from({ length: PICTURES }, (_, at) => drawPicture(at));
  /** Number of requests by path. */
  readonly asked: Record<string, number> = {};

  constructor(count: number) {
    this.#ids = Array.from({ length: count }, (_, at) => 100_000 + count - at);
  }

  /** Answer a request; `null` for a path that is none of the API's. */
  answer(url: URL): Response | null {
    const path = url.pathname.replace(/\d+.*$/, "N");
    this.asked[path] = (this.asked[path] ?? 0) + 1;
    if (url.pathname === "/api/v1/library") return Response.json(this.#library(url.searchParams));
    if (url.pathname === "/api/v1/library/cards") {
      return Response.json(cardsOf((url.searchParams.get("ids") ?? "").split(",").map(Number)));
    }
    const picture = /^\/previews\/(\d+)$/.exec(url.pathname)?.[1];
    if (picture === undefined) return null;
    const headers = { "content-type": "image/png", "cache-control": "max-age=600" };
    return new Response(this.#pictures[Number(picture) % PICTURES]!, { headers });
  }

  #library(params: URLSearchParams): LibraryAnswer {
    const q = (params.get("q") ?? "").toLowerCase();
    const types = params.getAll("type");
    const matches = (id: number): boolean =>
      nameOf(id).toLowerCase().includes(q) && (types.length === 0 || types.includes(TYPES[id % TYPES.length]!));
    const ids = this.#ids.filter(matches);
    const count = Math.floor(this.#ids.length / 7);
    const facet = (values: readonly string[]): [string, number][] => values.map((value) => [value, count]);
    return {
      stamp: "1",
      total: this.#ids.length,
      count: ids.length,
      ids,
      cards: cardsOf(ids.slice(0, 60)),
      facets: {
        types: facet(TYPES),
        bases: facet(BASES),
        creators: facet(Array.from({ length: 50 }, (_, at) => `creator_${at}`)),
        tags: facet(Array.from({ length: 50 }, (_, at) => `tag ${at}`)),
        maturity: facet(["1", "2", "4", "8", "16"]),
        states: facet(["done", "partial", "planned"]),
        roots: facet(["models"]),
      },
      progress: null,
    };
  }
}

function nameOf(id: number): string {
  return `${NAMES[id % NAMES.length]} ${id}`;
}

function cardsOf(ids: readonly number[]): Cards {
  return {
    id: [...ids],
    name: ids.map(nameOf),
    creator: ids.map((id) => `creator_${id % 50}`),
    type: ids.map((id) => TYPES[id % TYPES.length]!),
    base: ids.map((id) => BASES[id % BASES.length]!),
    version: ids.map((id) => `v${id % 5}.0`),
    versions: ids.map((id) => 1 + id % 4),
    files: ids.map(() => 2),
    bytes: ids.map((id) => id * 7919),
    level: ids.map((id) => LEVELS[id % LEVELS.length]!),
    state: ids.map((id) => STATES[id % STATES.length]!),
    preview: ids.map((id) => id % 11 === 0 ? null : `${id}`),
    hash: ids.map((id) => id % 13 === 0 ? null : HASHES[id % HASHES.length]!),
    removed: ids.map((id) => id % 17 === 0),
  };
}

/** A PNG of 450 × 600 pixels with stripes of a color. */
function drawPicture(seed: number): Uint8Array<ArrayBuffer> {
  const [width, height] = [450, 600] as const;
  const rows = new Uint8Array(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      rows[at] = (seed * 37 + x / 2) & 255;
      rows[at + 1] = (seed * 91 + y / 3) & 255;
      rows[at + 2] = (seed * 13 + ((x ^ y) & 63)) & 255;
    }
  }
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 2, 0, 0, 0], 8);
  const parts = [chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", new Uint8Array())];
  return Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...parts.flatMap((part) => [...part])]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
