import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseReceiverUrl } from "../../../lib/alerts/mod.ts";
import { KitError } from "../../../lib/base/mod.ts";

const MAIL = "from=a@x.example&to=b@x.example";
const BOT = "123456:s3cr3t-Token_x";

/** Invalid URLs and the expected message. */
const BAD: readonly (readonly [url: string, problem: string, right: string])[] = [
  ["", "no URL", "stdout:, file:, json:"],
  ["   ", "a space or a line end", "%20"],
  ["s3cr3t", "has no scheme", "slack:, discord:"],
  ["ntfi://ntfy.sh/s3cr3t", '"ntfi:" is not supported', "did you mean ntfy://"],
  ["https://hooks.example/s3cr3t", '"https:" is not supported', "did you mean jsons://"],
  ["mailto://u:s3cr3t@h.example", '"mailto:" is not supported', "did you mean smtp://"],
  ["tgram://s3cr3t/1", '"tgram:" is not supported', "did you mean telegram://"],
  ["xoxb-s3cr3t-0123456789:abc", "the scheme is not supported", "supported are stdout:"],
  ["constructor:s3cr3t", '"constructor:" is not supported', "supported are stdout:"],
  ["ntfy://ntfy.sh/s3cr3t topic", "a space or a line end", "%20"],
  ["ntfy://ntfy.sh/s3cr3t\r\nx", "a space or a line end", "%20"],
  ["ntfy://ntfy.sh/s3cr3t%", 'a literal "%" must be written', "%25"],
  ["ntfy://ntfy.sh/s3cr3t#x", 'a "#"', "%23"],
  ["ntfy://s3cr3t", "no topic", "ntfy://ntfy.sh/TOPIC"],
  ["ntfy:///s3cr3t", "no host", "HOST/TOPIC"],
  ["ntfy://ntfy.sh/a/s3cr3t", "one part", "HOST/TOPIC"],
  ["ntfy://ntfy.sh/s3cr3t%0a", "a line end", "HOST/TOPIC"],
  ["ntfy://ntfy.sh:99999/s3cr3t", "check the host and the port", "HOST/TOPIC"],
  ["ntfy://ntfy.sh:0/s3cr3t", "no valid host or port", "HOST/TOPIC"],
  ["ntfy://ntfy.sh/s3cr3t?priority=6", '"priority" must be 1 to 5', "high"],
  ["ntfy://ntfy.sh/s3cr3t?prioritty=5", 'no such parameter: "prioritty"', 'did you mean "priority"'],
  ["ntfy://ntfy.sh/s3cr3t?priority=5&priority=4", "more than once", "HOST/TOPIC"],
  ["ntfy://ntfy.sh/s3cr3t?tags=a,,b", 'the list "tags" has an empty entry', "HOST/TOPIC"],
  ["ntfy://ntfy.sh/s3cr3t?title=a%0d%0ab", '"title" contains a line end', "HOST/TOPIC"],
  ["ntfy://ntfy.sh/s3cr3t?disabletls=maybe", '"disabletls" must be yes or no', "HOST/TOPIC"],
  ["ntfy://u:s3cr3t@ntfy.sh/t?disabletls=yes", "login in the clear", "HOST/TOPIC"],
  ["ntfy://ntfy.sh/t?disabletls=yes&token=s3cr3t", "login in the clear", "HOST/TOPIC"],
  ["ntfys://ntfy.sh/s3cr3t?disabletls=yes", "always encrypted", '"ntfy:"'],
  ["ntfy://u:p@ntfy.sh/t?token=s3cr3t", "cannot be combined with a user", "HOST/TOPIC"],
  ["slack://s3cr3t", "only incoming webhooks", "slack://hook:"],
  ["slack://hook:a-s3cr3t@webhook", "three parts", "slack://hook:"],
  ["slack://hook:a-b-s3cr3t@channel", "the host must be webhook", "slack://hook:"],
  ["slack://xoxb:a-b-s3cr3t@webhook", "only incoming webhooks", "hook:"],
  ["slack://hook:a-b-s3cr3t%2Fd@webhook", "three parts of letters and digits", "slack://hook:"],
  ["slack://T/B/s3cr3t", "only incoming webhooks", "slack://hook:"],
  ["discord://s3cr3t", "the token is missing", "discord://TOKEN@ID"],
  ["discord://1/s3cr3t", "the token is missing", "discord://TOKEN@ID"],
  ["discord://s3cr3t@1/x", "unexpected path after the id", "discord://TOKEN@ID"],
  ["discord://s3cr3t@x", "the id of a webhook is a number", "discord://TOKEN@ID"],
  ["discord://s3cr3t@1?thread_id=x", '"thread_id" must be a number', "discord://TOKEN@ID"],
  ["telegram://s3cr3t@telegram?chats=1", "the token of a bot", "telegram://TOKEN@telegram"],
  [`telegram://${BOT}@telegram`, "no chat", "chats=@CHANNEL"],
  [`telegram://${BOT}@other?chats=1`, "the host must be telegram", "TOKEN@telegram"],
  [`telegram://${BOT}@telegram?chats=1,2`, "one chat: write a URL for each", "chats=@CHANNEL"],
  [`telegram://${BOT}@telegram?chats=s3cr3t`, "a chat is @CHANNEL or a number", "chats=@CHANNEL"],
  ["smtp://h.example", '"from" is missing', "from=ADDRESS"],
  [`smtp://h.example?${MAIL},c@x.example`, '"to" is one address: write a URL for each', "to=ADDRESS"],
  ["smtp://h.example?from=a@x.example", '"to" is missing', "to=ADDRESS"],
  ["smtp://h.example?from=a@x.example&to=s3cr3t", '"to" must be a plain address', "name@example.org"],
  ["smtp://h.example?from=a@x.example&to=b@x.example%0d%0aBcc:s3cr3t@x.example", '"to" contains a line end', "ADDRESS"],
  [`smtp://h.example?${MAIL}&subject=x%0aBcc:s3cr3t@x.example`, '"subject" contains a line end', "ADDRESS"],
  [
    "smtp://h.example?from=%22a%22%3Cs3cr3t@x.example%3E&to=b@x.example",
    '"from" must be a plain address',
    "ADDRESS",
  ],
  [`smtp://u:s3cr3t@h.example?${MAIL}&starttls=no`, "password in the clear", "ADDRESS"],
  [`smtps://u:s3cr3t@h.example?${MAIL}&starttls=no`, "always encrypted", '"smtp:"'],
  [`smtp://s3cr3t@h.example?${MAIL}`, "user and password must be given together", "USER:PASSWORD"],
  [`smtp://h.example/s3cr3t?${MAIL}`, "unexpected path after the host", "ADDRESS"],
  ["json://u:s3cr3t@h.example/", "password in the clear", '"jsons:" encrypts it'],
  ["generic+https://h.example/s3cr3t", '"generic+https:" is not supported', "did you mean jsons://"],
  ["json:///s3cr3t", "no host", "json://HOST/PATH"],
  ["jsons:s3cr3t", "no host", "jsons://HOST/PATH"],
  ["stdout:s3cr3t", "nothing may follow", "stdout:"],
  ["desktop://s3cr3t", "nothing may follow", "desktop:"],
  ["file://s3cr3t/a.jsonl", "three slashes", "file:///PATH"],
  ["file:", "no file name", "file:///PATH"],
  ["file:///s3cr3t/", "no file name", "file:///PATH"],
  ["file:///s3cr3t?maxsize=1", '"maxsize" must be a size', "10M"],
  ["file:///s3cr3t?keep=-1", '"keep" must be 0 to 100', "file:///PATH"],
  ["ntfy://ntfy.sh/${UNSET_NAME}", 'the environment variable "UNSET_NAME" is not set', "set it"],
  ["ntfy://ntfy.sh/${s3cr3t-x}", "not the name of an environment variable", "${NAME}"],
  ["ntfy://ntfy.sh/${NAME", 'a "${" is not closed', "${NAME}"],
  [`jsons://h.example/${"s3cr3t".repeat(1000)}`, "more than 4096 characters", ""],
];

for (const [url, problem, right] of BAD) {
  Deno.test(`parseReceiverUrl() refuses ${JSON.stringify(url.slice(0, 60))}: ${problem}`, () => {
    const error = assertThrows(() => parseReceiverUrl(url, { env: () => undefined }), KitError);
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, problem);
    assertStringIncludes(error.message, right);
    assert(!Deno.inspect(error).includes("s3cr3t"), Deno.inspect(error));
  });
}

/** Valid URLs and what is shown of them. */
const GOOD: readonly (readonly [url: string, description: string])[] = [
  ["stdout:", "stdout:"],
  ["STDOUT:", "stdout:"],
  ["desktop:", "desktop:"],
  ["file:///var/log/alerts.jsonl", "file:///var/log/alerts.jsonl"],
  ["file:logs/alerts.jsonl?maxsize=1M&keep=0", "file:logs/alerts.jsonl"],
  ["json://127.0.0.1:9093/s3cr3t", "json://127.0.0.1:9093/…"],
  ["jsons://u:s3cr3t@h.example", "jsons://h.example/"],
  ["jsons://H.example/hook?key=s3cr3t", "jsons://h.example/…"],
  ["json://[::1]:8080/s3cr3t", "json://[::1]:8080/…"],
  ["ntfy://u:s3cr3t@ntfy.sh/s3cr3t?priority=max&tags=a,b&title=Home+server", "ntfy://ntfy.sh/…"],
  ["ntfys://ntfy.sh/s3cr3t?token=tk_s3cr3t", "ntfys://ntfy.sh/…"],
  ["slack://hook:T000-B000-s3cr3t@webhook", "slack://hooks.slack.com/…"],
  ["discord://s3cr3t-_x@12345?thread_id=5&username=Bot", "discord://discord.com/…"],
  [`telegram://${BOT}@telegram?chats=-100124:7&notification=no`, "telegram://api.telegram.org/…"],
  [`telegram://${BOT}@telegram/?chats=@channel`, "telegram://api.telegram.org/…"],
  [`smtp://u%40x:s3cr3t%2F%3A@mail.example/?${MAIL}`, "smtp://mail.example:587/…"],
  ["smtps://mail.example?from=a@x.example&to=b+c@x.example", "smtps://mail.example:465/…"],
  [`smtp://u:s3cr3t@127.0.0.1:2525/?${MAIL}&starttls=no`, "smtp://127.0.0.1:2525/…"],
];

for (const [url, description] of GOOD) {
  Deno.test(`parseReceiverUrl() accepts ${url} and shows no secret`, () => {
    const receiver = parseReceiverUrl(url);
    assertEquals(receiver.description, description);
    assert(!Deno.inspect(receiver).includes("s3cr3t"));
  });
}

Deno.test("parseReceiverUrl() expands variables for values and whole URLs", () => {
  const values: Record<string, string> = { PASS: "a/b@c:d%", WHOLE: "jsons://h.example/x\n", EMPTY_HOST: "a/b" };
  const env = (name: string) => values[name];
  assertEquals(parseReceiverUrl("jsons://u:${PASS}@h.example/", { env }).description, "jsons://h.example/");
  assertEquals(parseReceiverUrl("${WHOLE}", { env }).description, "jsons://h.example/…");
  // A value never spans more than one part.
  assertThrows(() => parseReceiverUrl("jsons://${EMPTY_HOST}/x", { env }), KitError, "no valid host");
});
