import { assert, assertEquals, assertMatch } from "@std/assert";
import { EXIT_CODES, LANGUAGES } from "../../lib/base/mod.ts";
import { FAILURE_CLASSES, isProblemId, PROBLEM_IDS, problemOfText, PROBLEMS } from "../../lib/problems/mod.ts";
import { runbookOf } from "../../lib/problems/find_problem.ts";
import { assertLinearTime } from "../helpers/assert_linear_time.ts";

Deno.test("every problem has a title, a meaning and a remedy in both languages, and one next command", () => {
  for (const id of PROBLEM_IDS) {
    for (const language of LANGUAGES) {
      const { title, meaning, remedy } = PROBLEMS[id][language];
      for (const text of [title, meaning, remedy]) {
        assert(text !== "" && !/[.。\n]$/.test(text), `${id}, ${language}: ${text}`);
        if (language === "ja") assertMatch(text, /[ぁ-んァ-ヶ一-龠]/);
      }
    }
    assertMatch(PROBLEMS[id].en.meaning, /^[A-Z]|^download, update/, id);
    assertMatch(PROBLEMS[id].next, /^[a-z]/, id);
  }
});

Deno.test("the table has every class of failure, every code of an error and the problems of operation", () => {
  assertEquals(FAILURE_CLASSES.length, 28);
  for (const code of [...Object.keys(EXIT_CODES), "unexpected"]) assert(isProblemId(code), code);
  for (const id of ["no-progress", "run-failed", "no-success", "reserve-reached", "disk-filling", "library-missing"]) {
    assert(isProblemId(id), id);
  }
  for (const id of ["key-rejected", "slow-host", "held-by-hand", "newer-state", "high-memory", "undelivered-alerts"]) {
    assert(isProblemId(id), id);
  }
  for (const word of ["toString", "", "no-such", 7, null]) assert(!isProblemId(word));
  assertEquals(runbookOf("early-access"), "docs/runbook/early-access.md");
  assertEquals(runbookOf("high-memory"), "docs/runbook/high-memory-usage.md");
});

Deno.test("the reserve is called one name in Japanese, and the run that it limits is told as it is", () => {
  for (const id of PROBLEM_IDS) {
    const { title, meaning, remedy } = PROBLEMS[id].ja;
    assert(!/予約/.test(title + meaning + remedy), id);
  }
  const { en, ja } = PROBLEMS["reserve-reached"];
  assertEquals(ja.title, "予備の容量への到達");
  assertEquals(ja.meaning, "予備の容量（--reserve）を除くと空きがないため、入らないファイルは取得していません");
  assertMatch(en.meaning, /files that do not fit are left out$/);
});

/** Lines and their problems. */
const LINES: readonly (readonly [line: string, problem: string | null])[] = [
  // Our own lines name the class: as a label, in parentheses, or after a colon.
  ["timeout: It is retried automatically", "timeout"],
  ["Issue detected: dns: models/a.bin: Cannot fetch it", "dns"],
  ["failed: models/a.bin: Cannot fetch it: it did not work (stall)", "stall"],
  ["Stopped: 8 consecutive files failed because the service is unavailable (server)", "server"],
  ["retry 2 for models/a.bin: tls", "tls"],
  ["removed: models/a.bin: gone from the site", "gone"],
  ["corrupted: models/a.bin: three times", "integrity"],
  ["failsafe: turbo → stable: held manually", "held-by-hand"],
  ['warning: Cannot fetch "a" (3 GiB to come): the disk has no room: 1 GiB are free', "reserve-reached"],
  // Other programs use a status or words.
  ["ERROR 451: Unavailable For Legal Reasons", "region"],
  ["ERROR: HTTP/1.1 416 Range Not Satisfiable", "changed"],
  ["ERROR: the server returned status 520", "server"],
  ["ERROR: getaddrinfo ENOTFOUND civitai.com", "dns"],
  ["ERROR: getaddrinfo EAI_AGAIN civitai.com", "dns"],
  ["ERROR 407 Proxy Authentication Required", "proxy-login"],
  ["ERROR: Received HTTP code 407 from proxy after CONNECT", "proxy-login"],
  ["ERROR: The requested URL returned error: 403", "forbidden"],
  ["ERROR 404: Not Found.", "gone"],
  ["ERROR: 403 Client Error: Forbidden for url: https://civitai.com/api", "forbidden"],
  ["[ERROR] errorCode=22 status=503", "server"],
  ["ERROR: connect ETIMEDOUT 1.2.3.4:443", "timeout"],
  ["ERROR: socket hang up", "connection"],
  ["ERROR: EROFS: read-only file system", "disk"],
  ["No space left on device (os error 28)", "disk"],
  ["the server responded with 429, saying: quota exceeded", "quota"],
  ["the server responded with 400, saying: unusual request", "rejected"],
  // A number is a status only in context.
  ["fetched 403 of 500", null],
  ["404 files", null],
  ["429 MiB/s", null],
  ["all is well", null],
  ["", null],
];

for (const [line, problem] of LINES) {
  Deno.test(`problemOfText() finds ${problem} in "${line}"`, () => assertEquals(problemOfText(line), problem));
}

Deno.test("problemOfText() takes linear time for any line", async () => {
  for (const piece of ["retry 1 of a", ": a", " (a", "status ", "HTTP 403", "failed: ", "a-"]) {
    await assertLinearTime((text) => problemOfText(text), piece, { name: "problemOfText()" });
  }
});
