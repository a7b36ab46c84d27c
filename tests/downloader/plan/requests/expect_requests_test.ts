import { assertEquals } from "@std/assert";
import { expectRequests } from "../../../../lib/downloader/plan/requests/expect_requests.ts";
import { renderExpected } from "../../../../scripts/_download/render_expected.ts";
import { NO_IMAGES, withBench } from "../../../helpers/library/download_bench.ts";

const PACE = { modelRate: 0.5, imageRate: 2 };

Deno.test("expectRequests() counts pages of a hundred models and their duration", () => {
  const pages = (models: number) => expectRequests({ models, galleries: 0 }, PACE);
  assertEquals([0, 1, 100, 101].map((models) => pages(models).modelRequests), [0, 1, 1, 2]);
  assertEquals([pages(100_000).modelRequests, pages(100_000).modelMs], [1000, 2_000_000]);
  assertEquals(expectRequests({ models: 1, galleries: 90 }, PACE).galleryMs, 45_000);
});

Deno.test("renderExpected() reports only what takes long", () => {
  assertEquals(renderExpected("update", expectRequests({ models: 400, galleries: 0 }, PACE)), null);
  assertEquals(
    renderExpected("update", expectRequests({ models: 100_000, galleries: 0 }, PACE)),
    "update: 100000 models take 1000 requests, about 33m 20s at Civitai's pace (--api-rate)",
  );
  assertEquals(
    renderExpected("update", expectRequests({ models: 150, galleries: 7200 }, PACE)),
    "update: 150 models take 2 requests, about 4s at Civitai's pace (--api-rate); up to 7200 galleries, at most 1h " +
      "(--image-rate; --gallery 0 leaves them out)",
  );
});

Deno.test("download() reports the expected number of requests before the first", () =>
  withBench({}, async (bench) => {
    const { username } = bench.sandbox.catalog.creators().next().value!;
    const seen: unknown[] = [];
    const asked = () => bench.sandbox.log.counts.get("GET /api/v1/models") ?? 0;
    const options = { pace: PACE, choice: { ...NO_IMAGES, gallery: 5 } };
    const onEvent = (event: { readonly type: string }): void => {
      if (event.type === "expect") seen.push({ ...event, asked: asked() });
    };
    await bench.download({ ...options, onEvent, targets: [{ type: "user", username }] });
    const expected = { type: "expect", models: 3, modelRequests: 1, modelMs: 2000, asked: 0 };
    assertEquals(seen, [{ ...expected, target: `user:${username}`, galleryRequests: 0, galleryMs: 0 }]);
    seen.length = 0;
    bench.sandbox.log.clear();
    const ids = [...bench.sandbox.catalog.models()].map(({ id }) => id);
    await bench.download({ ...options, onEvent, command: "update", targets: [{ type: "models", ids }] });
    assertEquals(seen, [{ ...expected, target: "update", galleryRequests: 3, galleryMs: 1500 }]);
  }));
