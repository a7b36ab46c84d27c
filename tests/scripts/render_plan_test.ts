import { assertEquals } from "@std/assert";
import { renderListing } from "../../scripts/_download/render_plan.ts";

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
