import { assertEquals } from "@std/assert";
import { readReason } from "../../../lib/base/mod.ts";

for (
  const [error, reason] of [
    [new Deno.errors.NotFound("os error 2"), "no such file"],
    [new Deno.errors.IsADirectory("os error 21"), "it is a folder"],
    [new Deno.errors.NotADirectory("os error 20"), "a part of its path is no folder"],
    [new Deno.errors.FilesystemLoop("os error 40"), "it is a link that leads to itself"],
    [new Deno.errors.PermissionDenied("os error 13"), "you may not read it"],
    [new Deno.errors.NotCapable("Requires … --allow-all flag"), "it belongs to the system, and is no plain file"],
    [new Error("odd"), "odd"],
    ["odd", "odd"],
  ] as const
) {
  Deno.test(`readReason() returns ${reason} for ${error}`, () => assertEquals(readReason(error), reason));
}
