import { assertEquals } from "@std/assert";
import { EXIT_CODES, INTERRUPT_CODES } from "../../../lib/base/mod.ts";
import { EXIT_NOTES, exitNotes } from "../../../lib/cli/command/exit_notes.ts";

Deno.test("EXIT_NOTES describes the exit code of every error and signal", () => {
  const told = Object.keys(EXIT_NOTES).flatMap((code) => code.split("/").map(Number));
  const exits = [...Object.values(EXIT_CODES), ...Object.values(INTERRUPT_CODES)];
  for (const exit of exits) assertEquals(told.includes(exit), true, `exit ${exit}`);
});

Deno.test("exitNotes() lists what every command can end with, and adds and replaces what this one names", () => {
  assertEquals(exitNotes().map(([code]) => code), ["0", "1", "2", "4", "5", "129/130/143"]);
  const notes = exitNotes({ 1: "A gate failed", 7: true, 9: "Other" });
  assertEquals(notes.map(([code]) => code), ["0", "1", "2", "4", "5", "7", "9", "129/130/143"]);
  assertEquals([notes[1], notes[5]], [["1", "A gate failed"], ["7", EXIT_NOTES["7"]!]]);
});
