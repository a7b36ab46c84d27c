import { assertEquals } from "@std/assert";
import { handleIssue } from "../../../lib/monitor/mod.ts";

const MESSAGES = [
  ["Cannot list models: the server responded with 200, but the body is not valid JSON", "unusable"],
  ["Cannot list models: the server responded with 416", "rejected"],
  ["Cannot get the link: the server responded with a login page", "login"],
  ["The account's quota for the last 24 hours is used up", "quota"],
  ["Cannot list models: the server answers 200, but not with JSON", "unusable"],
  ["Cannot list models: the server answers 200 with something else than JSON", "unusable"],
  ['Cannot keep "a.pt": it is an HTML or XML page, not a file: an error or login page', "unusable"],
  ["Cannot get the link: the server answers with a login page", "login"],
  ['Cannot open "catalog.db": Permission denied (os error 13)', "disk"],
  ['Cannot continue: permission denied: net access to "b2.example"', null],
] as const;

for (const [message, failure] of MESSAGES) {
  Deno.test(`handleIssue() derives the class ${failure} from the text "${message}"`, () =>
    assertEquals(handleIssue(`error: ${message}`).failure, failure));
}
