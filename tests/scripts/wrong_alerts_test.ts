import { assertEquals, assertInstanceOf, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ConfigError } from "../../lib/config/mod.ts";
import { parseRules } from "../../scripts/_alerts/alerts_config.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { call, type Called } from "../helpers/call.ts";

const RULES = `rules:
  - alert: A
    metric: error_rate
    value: 5%
    severity: warning
    annotations: { summary: "Zu viele Fehler" }
`;
/** What a file without receivers of its own has to say. */
const NOBODY = "receivers: []\n";
const SLACK = `receivers:
  - "stdout:"
  - slack://hook:\${SLACK_HOOK}@webhook
`;

/** Run a command on the given rules in a temporary folder. */
async function callOn(
  rules: string | Uint8Array,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Called & { readonly path: string }> {
  let called: Called | undefined;
  let path = "";
  await inTempDir(async (folder) => {
    path = join(folder, "alerts.yml");
    await Deno.writeFile(path, typeof rules === "string" ? new TextEncoder().encode(rules) : rules);
    const logs = join(folder, "logs");
    const library = join(folder, "library");
    called = await call([...words, "--config", path, "--logs", logs, "--library", library], { env });
  });
  return { ...called!, path };
}

/** A text as Latin-1. */
function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

Deno.test("check-alerts reports the place of a Latin-1 byte and its letter", async () => {
  const { code, err, path } = await callOn(latin1(RULES.replace("Zu viele", "F\u00fcnf \u00fcble")), ["check-alerts"]);
  assertEquals(code, 2);
  assertStringIncludes(err, `Cannot use ${path}:6:31: the byte 0xfc is not valid UTF-8\n`);
  assertStringIncludes(err, 'hint: Save the file as UTF-8; in Latin-1 that byte is "\u00fc"\n');
});

Deno.test("check-alerts counts the characters before a wrong byte, not their bytes", async () => {
  const bytes = new Uint8Array([...new TextEncoder().encode("# \u00e4\u00f6\u00fc \u65e5\u672c "), 0xe9, 0x20]);
  assertStringIncludes((await callOn(bytes, ["check-alerts"])).err, ":1:10: the byte 0xe9 is not valid UTF-8");
  // The start of a character of three bytes at the end of the file.
  const cut = new Uint8Array([...new TextEncoder().encode("rules:\n# "), 0xe6, 0x97]);
  assertStringIncludes((await callOn(cut, ["check-alerts"])).err, ":2:3: the byte 0xe6 is not valid UTF-8");
  const lost = new Uint8Array([0x23, 0x0a, 0x80]);
  assertStringIncludes((await callOn(lost, ["check-alerts"])).err, ":2:1: the byte 0x80 is not valid UTF-8");
});

Deno.test("check-alerts detects UTF-16, and accepts a byte order mark", async () => {
  const utf16 = new Uint8Array([0xff, 0xfe, ...new Uint8Array(new Uint16Array([0x67, 0x72]).buffer)]);
  const { code, err } = await callOn(utf16, ["check-alerts"]);
  assertEquals(code, 2);
  assertStringIncludes(err, ":1:1: the file is UTF-16\nhint: Save it as UTF-8\n");
  assertEquals((await callOn(`\ufeff${RULES}${NOBODY}`, ["check-alerts"])).code, 0);
});

for (const words of [["check-alerts"], ["alerts", "send-test"], ["monitor", "--once"]]) {
  Deno.test(`${words.join(" ")} reports the place of an unset variable`, async () => {
    const { code, err, path } = await callOn(RULES + SLACK, words);
    assertEquals(code, 2);
    assertStringIncludes(err, `Cannot use ${path}:9:18: the environment variable "SLACK_HOOK" is not set\n`);
    assertStringIncludes(err, "hint: Set it where this runs, or replace ${SLACK_HOOK} with the value\n");
  });
}

Deno.test("check-alerts reports the place of an address with an invalid variable, without its value", async () => {
  const { code, err, path } = await callOn(RULES + SLACK, ["check-alerts"], { SLACK_HOOK: "s3cr3t" });
  assertEquals(code, 2);
  assertStringIncludes(err, `Cannot use ${path}:9:5: not a receiver address: `);
  assertEquals(err.includes("s3cr3t"), false);
});

Deno.test("check-alerts accepts an address with a secret from a variable", async () => {
  const env = { SLACK_HOOK: "T0A-B0B-c0c" };
  assertEquals((await callOn(RULES + SLACK, ["check-alerts"], env)).err, "");
});

Deno.test("alerts status needs no variables", async () => {
  assertEquals((await callOn(RULES + SLACK, ["alerts", "status"])).err, "");
});

Deno.test("check-alerts reports all errors at once, each with its place and a correction", async () => {
  const rules = RULES.replace("5%", "-5%").replace("Zu viele", "{{vaule}}");
  const { code, err, path } = await callOn(rules, ["check-alerts"]);
  assertEquals(code, 2);
  assertEquals(
    err.replaceAll(path, "alerts.yml"),
    [
      'error: Cannot use alerts.yml:4:12: cannot compare error_rate with "-5%" ' +
      "(It is a share between 0 and 1: write 0.05 or 5%)",
      'alerts.yml:6:30: there is no placeholder "vaule" (Did you mean "{{value}}"?)\n',
    ].join("\n"),
  );
});

/** A broken file, and all expected messages. */
const WRONG: readonly (readonly [name: string, rules: string, says: readonly string[]])[] = [
  ["a metric whose name is cut", RULES.replace("error_rate", "disk_usage"), [
    'error: Cannot use alerts.yml:3:13: no metric is named "disk_usage"',
    'hint: Did you mean "disk_usage_percent"?',
  ]],
  ["an operator of another language", `${RULES}    op: =>\n`, [
    'error: Cannot use alerts.yml:7:9: "op" is "=>", and must be one of ">", ">=", "<", "<="',
    'hint: Did you mean ">="?',
  ]],
  ["a key that is written in another way, once", `${RULES}repeatIntervall: 4h\n`, [
    'error: Cannot use alerts.yml:7:1: unknown key "repeatIntervall"',
    'hint: Did you mean "repeatInterval"?',
  ]],
];

for (const [name, rules, says] of WRONG) {
  Deno.test(`check-alerts reports ${name}`, async () => {
    const { code, err, path } = await callOn(rules, ["check-alerts"]);
    assertEquals([code, err.replaceAll(path, "alerts.yml")], [2, `${says.join("\n")}\n`]);
  });
}

const SHIPPED = await Deno.readTextFile(new URL("../../config/alerts.yml", import.meta.url));

Deno.test("check-alerts refuses rules that end before their receivers, and says where and what is missing", async () => {
  const cut = SHIPPED.slice(0, SHIPPED.indexOf("groupWait:"));
  const last = cut.trimEnd().split("\n").length;
  const { code, err, path } = await callOn(cut, ["check-alerts"]);
  assertEquals([code, err.replaceAll(path, "alerts.yml")], [
    2,
    `error: Cannot use alerts.yml:${last}:1: the file ends without "receivers:", so nobody would be notified\n` +
    "hint: If the file was cut, restore the rest; if nobody is to be notified, write receivers: []\n",
  ]);
});

Deno.test("check-alerts refuses the shipped rules cut after any line before the first address of a receiver", () => {
  const lines = SHIPPED.split("\n");
  const first = lines.findIndex((line) => line.includes("file:logs/alerts.jsonl"));
  for (let count = 1; count <= first; count++) {
    const text = lines.slice(0, count).join("\n");
    let refusal: unknown;
    try {
      parseRules(text, "alerts.yml");
    } catch (error) {
      refusal = error;
    }
    assertInstanceOf(refusal, ConfigError, `cut after line ${count}`);
    assertMatch(refusal.message, /alerts\.yml:\d+:\d+: /);
  }
});

for (
  const receivers of ["receivers:", "receivers: me", "receivers: [7]", "receivers: [{ url: x }]", 'receivers: [""]']
) {
  Deno.test(`check-alerts refuses "${receivers}"`, async () => {
    const { code, err } = await callOn(`${RULES}${receivers}\n`, ["check-alerts"]);
    assertEquals(code, 2);
    assertMatch(err, /alerts\.yml:7:\d+: /);
  });
}
