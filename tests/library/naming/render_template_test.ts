import { assertEquals } from "@std/assert";
import { type NamingFacts, parseTemplate, TEMPLATE_FIELDS } from "../../../lib/library/mod.ts";
import { renderTemplate } from "../../../lib/library/naming/render_template.ts";
import { namingFacts } from "../../helpers/library/facts.ts";

const render = (template: string, changes: Partial<NamingFacts> = {}): string =>
  renderTemplate(parseTemplate(template), namingFacts(changes));

Deno.test("renderTemplate() replaces every word", () => {
  assertEquals(
    render(TEMPLATE_FIELDS.map((field) => `{${field}}`).join("/"), { size: "full", quant: "Q8_0" }).split("/"),
    [
      "lantern_fields_xl_v2.safetensors",
      "lantern_fields_xl_v2",
      "safetensors",
      "brambleforge",
      "Lantern Fields XL",
      "3100001",
      "v2.0",
      "2900101",
      "2800101",
      "SDXL 1.0",
      "LORA",
      "Model",
      "STYLE",
      "fp16",
      "SafeTensor",
      "full",
      "Q8_0",
      "style",
      "1",
      "2026-06-11.safetensors",
    ],
  );
});

Deno.test("renderTemplate() never makes a folder from a value", () => {
  assertEquals(
    render("{creator}/{model}/{file}", { creator: "..", modelName: "a/b\\c", fileName: "../x.pt" }),
    "unknown/a_b_c/_x.pt",
  );
});

Deno.test("renderTemplate() uses the default without a value", () => {
  assertEquals(render("{fp|any}/{quant|}x/{file}", { fp: null }), "any/x/lantern_fields_xl_v2.safetensors");
  assertEquals(render("{tag|a/b}/{published}/{file}", { tags: [], publishedAt: null }).split("/").slice(0, 2), [
    "a_b",
    "unknown",
  ]);
});

Deno.test("renderTemplate() keeps the extension for any template", () => {
  assertEquals(render("{model} {file_id}"), "Lantern Fields XL 2800101.safetensors");
  assertEquals(render("{stem}.{ext}"), "lantern_fields_xl_v2.safetensors");
  assertEquals(render("{file}.bak"), "lantern_fields_xl_v2.safetensors.bak.safetensors");
});

Deno.test("renderTemplate() escapes device names that adjacent parts form", () => {
  assertEquals(render("CO{quant}/{file}", { quant: "N" }), "_CON/lantern_fields_xl_v2.safetensors");
});
