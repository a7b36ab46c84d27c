import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { seededRandom } from "../../lib/base/mod.ts";
import { openCatalog } from "../../lib/library/mod.ts";

const WORDS = [
  "lantern",
  "harbour",
  "style",
  "portrait",
  "anime",
  "fields",
  "copper",
  "light",
  "girl",
  "city",
  "night",
];
const TYPES = ["LORA", "Checkpoint", "TextualInversion", "VAE", "Controlnet"];
const BASES = ["SDXL 1.0", "Pony", "Illustrious", "SD 1.5", "Flux.1 D"];

/** Make the catalog of a library with a number of invented models, without their files. */
export async function makeCatalog(root: string, models: number): Promise<void> {
  await ensureDir(join(root, ".civitai-dl"));
  using catalog = openCatalog(join(root, ".civitai-dl", "catalog.db"));
  const random = seededRandom(1);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  for (let first = 1; first <= models; first += 1000) {
    catalog.transaction(() => {
      for (let id = first; id < first + 1000 && id <= models; id++) {
        const creator = `maker${Math.floor(random() ** 2 * models / 20)}`;
        const tags = Array.from(
          { length: 6 },
          () => random() < 0.7 ? pick(WORDS) : `tag${Math.floor(random() * 20_000)}`,
        );
        const name = `${pick(WORDS)} ${pick(WORDS)} ${id}`;
        const description = "<p>A model of the figures, with some words about how to use it.</p>".repeat(8);
        catalog.putModel(id, {
          name,
          type: pick(TYPES),
          creator,
          json: { tags, nsfwLevel: pick([1, 3, 7, 31]), description },
        });
        for (let number = 0; number < 1 + id % 3; number++) {
          const version = id * 4 + number;
          const images = Array.from({ length: 4 }, (_, at) => ({
            url: `https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/${crypto.randomUUID()}/original=true/${
              version * 4 + at
            }.jpeg`,
            hash: "UEHLh[WB2yk8pyoJadR*.7kCMdnjS#M|%1%2",
            nsfwLevel: 1,
            width: 832,
            height: 1216,
            type: "image",
          }));
          const json = { trainedWords: [`trg${id}`, pick(WORDS)], raw: { id: version, images } };
          const publishedAt = new Date(1.6e12 + version * 1e4).toISOString();
          catalog.putVersion(version, { modelId: id, name: `v${number}.0`, baseModel: pick(BASES), publishedAt, json });
          const key = `file:${version}:${version}`;
          const hashes = { SHA256: version.toString(16).padStart(64, "0") };
          const ids = { modelId: id, versionId: version, fileId: version, imageId: null };
          const path = `${pick(["Lora", "Checkpoint", "Other"])}/${creator}/${version}.safetensors`;
          catalog.plan({ key, kind: "file", ...ids, creator, path, sizeBytes: version, hashes, source: null }, 0);
          const done = { sha256: hashes.SHA256, actualBytes: version * 1000, mtimeMs: 1, etag: null, outcome: "done" };
          catalog.markDone(key, done);
        }
      }
    });
  }
}
