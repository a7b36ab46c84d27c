import { assertEquals } from "@std/assert";
import { renderListing, renderWantedSize } from "../../scripts/_download/render_plan.ts";

Deno.test("renderListing() compares counts, explains differences, and names uncounted creators", () => {
  assertEquals(
    renderListing("user:a", { apiCount: 5, seen: 3, missing: "2 are archived" }),
    "user:a: the API reports 5 models, the listing has 3; 2 are archived",
  );
  assertEquals(
    renderListing("user:a", { apiCount: 3, seen: 3, missing: null }),
    "user:a: the API reports 3 models, the listing has 3",
  );
  assertEquals(
    renderListing("user:a", { apiCount: null, seen: 3, missing: null }),
    "user:a: the API does not report the number of models; the listing has 3",
  );
});

Deno.test("renderWantedSize() does not call images of unknown size 0 B", () => {
  assertEquals(renderWantedSize({ files: 0, images: 2, bytes: 0 }), "of unknown size");
  assertEquals(renderWantedSize({ files: 1, images: 2, bytes: 1024 }), "about 1.0 KiB without the images");
  assertEquals(renderWantedSize({ files: 1, images: 0, bytes: 1024 }), "about 1.0 KiB");
  assertEquals(renderWantedSize({ files: 0, images: 0, bytes: 0 }), "about 0 B");
});
