import { assertEquals } from "@std/assert";
import { DEFAULT_CHOICE, explainNothing, type ExplainNothingOptions } from "../../../../lib/downloader/mod.ts";

const EMPTY: ExplainNothingOptions["plan"] = {
  models: 0,
  versions: 0,
  wanted: { files: 0, images: 0, bytes: 0 },
  there: { count: 0, bytes: 0 },
  refused: {},
  problems: [],
  unreadable: { count: 0, entries: [] },
  removed: [],
};

function said(plan: Partial<ExplainNothingOptions["plan"]>, facts: Partial<ExplainNothingOptions> = {}): string | null {
  const common = { choice: DEFAULT_CHOICE, hasTargets: true, isEmpty: false, resumes: false };
  return explainNothing({ ...common, ...facts, plan: { ...EMPTY, ...plan } });
}

Deno.test("explainNothing() is empty if something is planned or done", () => {
  assertEquals(said({ models: 1, versions: 1, wanted: { files: 0, images: 1, bytes: 0 } }), null);
  assertEquals(said({ models: 1, versions: 1, there: { count: 1, bytes: 5 } }), null);
});

Deno.test("explainNothing() names the filters that exclude every version", () => {
  const choice = { ...DEFAULT_CHOICE, types: ["Lora", "VAE"], since: "2030-01-02T00:00:00.000Z", levels: 1 };
  assertEquals(
    said({ models: 7 }, { choice }),
    "no version of 7 models matches --type Lora,VAE --since 2030-01-02 the chosen maturity",
  );
});

Deno.test("explainNothing() names the filters that exclude every file", () => {
  const choice = { ...DEFAULT_CHOICE, files: ["vae"], fps: ["fp8"], exclude: ["*a*"] };
  assertEquals(
    said({ models: 1, versions: 1 }, { choice }),
    "no file of 1 version matches --files vae --fp fp8 --exclude *a*",
  );
  assertEquals(said({ models: 1, versions: 2 }), "no file of 2 versions matches the request: there are none");
});

Deno.test("explainNothing() distinguishes refusals, problems and an empty result", () => {
  assertEquals(said({ models: 1, versions: 1, refused: { archived: 1 } }), "none of it is available now");
  assertEquals(said({ problems: [{ target: "model:1", code: "failed", message: "x" }] }), null);
  assertEquals(said({}), "the targets match nothing");
  const removed = [{ modelId: 1, name: "A", keptFiles: 2, isNews: true }];
  assertEquals(said({ removed }), "removed on Civitai; what the library has is kept");
  assertEquals(said({}, { resumes: true }), "all items planned before are there");
  const unfinished = "nothing is unfinished; update looks for new versions, and a target for new models";
  assertEquals(said({}, { hasTargets: false }), unfinished);
  assertEquals(said({}, { hasTargets: false, isEmpty: true }), "the library is empty: say what to fetch first");
});
