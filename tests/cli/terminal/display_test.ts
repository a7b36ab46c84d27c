import { assertEquals } from "@std/assert";
import { createRedactor } from "../../../lib/base/mod.ts";
import { Display, type DisplayOptions, MemoryIo } from "../../../lib/cli/mod.ts";

const ticker = (): Disposable => ({ [Symbol.dispose]: () => {} });

function setUp(more: Partial<DisplayOptions> = {}, terminal = true): { io: MemoryIo; display: Display } {
  const io = new MemoryIo({ terminal });
  return { io, display: new Display({ io, redact: createRedactor(["secret-token"]), ticker, ...more }) };
}

Deno.test("Display draws on a terminal, writes lines elsewhere, and is silent if quiet", () => {
  assertEquals(setUp().display.mode, "draw");
  assertEquals(setUp({}, false).display.mode, "lines");
  assertEquals(setUp({ json: true }).display.mode, "lines");
  assertEquals(setUp({ quiet: true }).display.mode, "hidden");
});

Deno.test("Display.log() is hidden by quiet, detail() needs verbose, notice() is always shown", () => {
  const written = (options: Partial<DisplayOptions>): string => {
    const { io, display } = setUp(options);
    display.log("log");
    display.detail("detail");
    display.notice("notice");
    return io.err;
  };
  assertEquals(written({}), "log\nnotice\n");
  assertEquals(written({ verbose: true }), "log\ndetail\nnotice\n");
  assertEquals(written({ quiet: true, verbose: true }), "notice\n");
});

Deno.test("Display removes secrets from lines and from the area", () => {
  const { io, display } = setUp();
  display.log("with secret-token");
  display.openStatus().update(["secret-token"]);
  assertEquals(io.err, "with [redacted]\n[redacted]\n");
});

Deno.test("Display shows no foreign terminal sequence in lines, status area or summaries", () => {
  const foreign = "a\x1b]0;owned\x07b\x1b[2Jc\u202ed\re";
  const { io, display } = setUp();
  display.log(foreign);
  display.openStatus().update([foreign]);
  assertEquals(io.err, "abcd\ne\nabcd e\n");
});

Deno.test("Display writes lines above the open area, or below it once closed", () => {
  const { io, display } = setUp();
  display.openStatus().update(["bar"]);
  display.log("a");
  display.close();
  display.log("b");
  assertEquals(io.err, "bar\n\x1b[1A\r\x1b[Ja\nbar\n\x1b[1A\r\x1b[Jb\n");
});

Deno.test("Display.status() closes the previous area", () => {
  const { io, display } = setUp();
  display.openStatus().update(["first"]);
  display.openStatus().update(["second"]);
  assertEquals(io.err, "first\n\x1b[1A\r\x1b[Jsecond\n");
});

Deno.test("Display.paint uses colors only on request", () => {
  assertEquals(setUp().display.paint.green("x"), "x");
  assertEquals(setUp({ color: true }).display.paint.green("x"), "\x1b[32mx\x1b[39m");
});
