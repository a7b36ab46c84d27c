import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type FlameFrame, renderFlameHtml, renderFlameSvg } from "../../../lib/report/mod.ts";

const leaf = (name: string, value: number): FlameFrame => ({ name, detail: "", group: name, value, children: [] });
const ROOT: FlameFrame = {
  ...leaf("all", 1000),
  children: [leaf("narrow", 0.5), leaf("<script>", 400), { ...leaf("wide", 599.5), children: [leaf("inner", 599.5)] }],
};

Deno.test("renderFlameSvg() draws each frame below its caller, as wide as its value", () => {
  const svg = renderFlameSvg(ROOT, { title: "Test" });
  const boxes = [...svg.matchAll(/<title>(\S+).*?\n.*?<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/gs)]
    .map(([, name, x, y, width]) => ({ name, x: +x!, y: +y!, width: +width! }));
  const box = (name: string) => boxes.find((one) => one.name === name)!;
  assertEquals(boxes.map(({ name }) => name).sort(), ["&lt;script&gt;", "all", "inner", "wide"]);
  assertEquals([box("all").width, box("wide").x], [1179.5, 10]);
  assert(box("inner").y > box("wide").y && box("wide").y > box("all").y);
  assert(box("&lt;script&gt;").x > box("wide").x + box("wide").width);
});

Deno.test("renderFlameSvg() draws a whole without a value", () => {
  assertStringIncludes(renderFlameSvg(leaf("nothing", 0), { title: "Empty" }), "nothing");
});

Deno.test("renderFlameHtml() has the graph and the tables, and nothing that is loaded or run", () => {
  const tables = [{ title: "Rooms", heads: ["Where"], rows: [["<b>"]] }];
  const html = renderFlameHtml({ title: "Profile", lead: "1 s", notes: ["Careful"], tables, root: ROOT });
  assertStringIncludes(html, "&lt;b&gt;");
  assertStringIncludes(html, "<svg ");
  assertEquals(html.match(/<script|<link|src=|href=/g), null);
});
