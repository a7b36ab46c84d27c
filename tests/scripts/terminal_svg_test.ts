import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseDocument } from "htmlparser2";
import { terminalSvg } from "../../scripts/_docs/terminal_svg.ts";

const draw = (output: string) => terminalSvg([{ command: "civitai-dl list", output }], { label: 'A "list"' });

Deno.test("terminalSvg() draws the prompt, the command and each line of output", () => {
  const svg = draw("one\n\n  two\n");
  assertStringIncludes(svg, '<tspan class="g">$</tspan> <tspan class="b">civitai-dl list</tspan>');
  assertEquals([...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].slice(1).map(([, text]) => text), ["one", "  two"]);
  assertEquals(parseDocument(svg, { xmlMode: true }).children.length > 0, true);
});

Deno.test("terminalSvg() keeps markup and colors of the output apart", () => {
  const svg = draw('\x1b[31ma <b> & "c"\x1b[39m plain');
  assertStringIncludes(svg, '<tspan class="r">a &lt;b&gt; &amp; &quot;c&quot;</tspan> plain');
  assert(svg.includes('aria-label="A &quot;list&quot;"') && !svg.includes("\x1b"));
});

Deno.test("terminalSvg() cuts a line at the edge of the window, also one of wide characters", () => {
  const [, ascii, wide] = [...draw(`${"a".repeat(200)}\n${"漢".repeat(200)}`).matchAll(/<text [^>]*>(.*?)<\/text>/g)];
  assertEquals([ascii![1]!.length, ascii![1]!.at(-1)], [96, "…"]);
  assert(wide![1]!.length <= 48 && wide![1]!.endsWith("…"));
});

Deno.test("the picture of the README has each line of the terminal on one line, as the formatter would not leave it", async () => {
  const svg = await Deno.readTextFile(new URL("../../docs/images/terminal.svg", import.meta.url));
  const lines = [...svg.matchAll(/<text [^>]*>([\s\S]*?)<\/text>/g)].map(([, line]) => line!);
  assert(lines.length > 15 && lines.every((line) => !line.includes("\n")), lines.join("\n"));
});
