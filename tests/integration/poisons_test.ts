import { assertEquals, assertGreater, assertInstanceOf } from "@std/assert";
import { KitError } from "../../lib/base/mod.ts";
import type { Client } from "../../lib/civitai/mod.ts";
import { fixture } from "../helpers/servers/civitai_fixture.ts";
import { serveOddCivitai } from "../helpers/servers/odd_civitai.ts";
import { runPoisonedImages } from "./scenarios/poisoned_images.ts";
import { runPoisonedModels } from "./scenarios/poisoned_models.ts";
import { fieldsOf, type Poison, poisons, writePoisoned } from "./scenarios/poisons.ts";

const HASH = "ae883bbd572b3198a19a658009820f1fbad32140a8743749cb7ea15ac928b09b";

/** Each field gets every sixteenth poison, the next field the adjacent ones. */
function some(longChars: number, every: number): (field: number) => readonly Poison[] {
  const all = poisons(longChars);
  return (field) => all.filter((_, index) => (index + field) % every === 0);
}

Deno.test("download loses only what it names of a model with a poisoned field", async () => {
  const { models, done, unreadable, problems } = await runPoisonedModels(some(20_000, 16));
  assertEquals(problems, []);
  assertGreater(models, 200);
  assertGreater(done, models);
  assertGreater(unreadable, 10);
});

Deno.test("download loses only what it names of an image with a poisoned field", async () => {
  const { images, done, unreadable, problems } = await runPoisonedImages(some(20_000, 16));
  assertEquals(problems, []);
  assertGreater(images, 200);
  assertGreater(done, images / 2);
  assertGreater(unreadable, 5);
});

/** The requests for responses other than pages of models or images. */
const ANSWERS: readonly [fixture: string, path: string, ask: (client: Client) => Promise<unknown>][] = [
  ["model_full.json", "/api/v1/models/1", (client) => client.model(1)],
  ["model_version.json", "/api/v1/model-versions/1", (client) => client.version(1)],
  ["model_version_lora.json", "/api/v1/model-versions/1", (client) => client.version(1)],
  ["model_version_early_access.json", "/api/v1/model-versions/1", (client) => client.version(1)],
  ["model_version_mini.json", "/api/v1/model-versions/mini/1", (client) => client.versionSummary(1)],
  ["model_version.json", `/api/v1/model-versions/by-hash/${HASH}`, (client) => client.versionByHash(HASH)],
  ["by_hash_ids.json", "/api/v1/model-versions/by-hash/ids", (client) => client.versionIdsByHashes([HASH])],
  ["by_hash_post.json", "/api/v1/model-versions/by-hash", (client) => client.versionsByHashes([HASH])],
  ["creators_page1.json", "/api/v1/creators", (client) => client.findCreator("nobody")],
  ["tags_page1.json", "/api/v1/tags", (client) => client.tags("s")],
  ["enums.json", "/api/v1/enums", (client) => client.enums()],
  ["me.json", "/api/v1/me", (client) => client.me()],
  ["models_page1.json", "/api/v1/models", (client) => firstPage(client.listModels({}))],
  ["images_page.json", "/api/v1/images", (client) => firstPage(client.listImages({ postId: 1 }))],
];

async function firstPage(pages: AsyncIterable<unknown>): Promise<unknown> {
  for await (const page of pages) return page;
}

for (const [name, path, ask] of ANSWERS) {
  Deno.test(`the client reads ${name} at ${path.replace(HASH, "HASH")} or reports why not, for any value of one field`, async () => {
    await using civitai = serveOddCivitai();
    const answer = fixture(name);
    let read = 0;
    let refused = 0;
    for (const [index, field] of fieldsOf(answer).entries()) {
      for (const poison of some(1000, 8)(index)) {
        civitai.answers.set(path, writePoisoned(answer, field, poison));
        try {
          // A parsed value can be stored.
          JSON.stringify(await ask(civitai.client));
          read++;
        } catch (error) {
          assertInstanceOf(error, KitError, `${field.join(".")} = ${poison.name}: ${error}`);
          refused++;
        }
      }
    }
    assertGreater(read + refused, 20);
  });
}
