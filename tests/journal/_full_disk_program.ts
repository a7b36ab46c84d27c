import { assertThrows } from "@std/assert";
import { LogWriter } from "../../lib/journal/mod.ts";

/** Appends a line that fits, and one that the limit on the size of files cuts. */
using log = new LogWriter(Deno.args[0]!);
log.append("x".repeat(1000));
assertThrows(() => log.append("y".repeat(1000)));
