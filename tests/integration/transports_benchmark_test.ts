import { assertEquals, assertMatch } from "@std/assert";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call } from "../helpers/call.ts";
import { hasProgram } from "../helpers/has_program.ts";

const hasAll = await hasProgram("nginx", "-v") && await hasProgram("openssl", "version");

Deno.test({
  name: "benchmark --transports measures a real server and marks a single round as preview",
  ignore: !hasAll,
  fn: () =>
    inTempDir(async (folder) => {
      const words = [
        "--transports",
        "--only",
        "T2,T7",
        "--size",
        "64K",
        "--runs",
        "1",
        "--work-folder",
        `${folder}/work`,
      ];
      const { code, out, err } = await call(["benchmark", ...words, "--json"]);
      assertEquals(code, 3, err);
      const { targets, reservation } = JSON.parse(out);
      assertMatch(reservation, /1 of at least 5/);
      for (const { status, notes, charts } of targets) {
        assertEquals(status, "no verdict");
        assertEquals(charts[0].series.map((side: { problem: string | null }) => side.problem).filter(Boolean), []);
        assertEquals(notes.filter((note: string) => note.includes("ended with")), []);
      }
    }),
});
