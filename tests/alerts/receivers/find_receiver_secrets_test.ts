import { assertEquals } from "@std/assert";
import { findReceiverSecrets, parseReceiverUrl } from "../../../lib/alerts/mod.ts";
import { createRedactor } from "../../../lib/base/mod.ts";
import { SCHEMES } from "../../../lib/alerts/receivers/receiver_schemes.ts";

const env = (name: string) => ({ HOOK: "T01-B02-s3cr3t", WHOLE: "discord://t0ken-of-discord@1234567890" })[name];

Deno.test("findReceiverSecrets() finds logins, topics, paths and variables, in comments and broken YAML too", () => {
  const text = `
receivers: [
  - ntfys://ntfy.sh/my-topic-77
  - "smtp://me%40x.example:pass%2Fw0rd@mail.example:587/?from=a@x.example"
  # - telegram://110201543:AAbot-key@telegram?chats=@channel,-1001234567890
  - slack://hook:\${HOOK}@webhook
  - \${WHOLE}
  - https://hc-ping.com/0e9c6dc4-77
`;
  assertEquals(findReceiverSecrets(text, env), [
    "T01-B02-s3cr3t",
    "t0ken-of-discord",
    "my-topic-77",
    "me@x.example",
    "pass/w0rd",
    "a@x.example",
    "110201543",
    "AAbot-key",
    "@channel,-1001234567890",
    "0e9c6dc4-77",
  ]);
});

Deno.test("findReceiverSecrets() leaves out what logs and reports have anyway", () => {
  const text = `
# yaml-language-server: $schema=https://example.org/alerts-v1.schema.json
annotations: { runbook: "https://docs.example/runbook/high-error-rate.md" }
receivers: [file:logs/alerts.jsonl, file:///var/log/alerts-77.jsonl, ntfys://ntfy.sh/alerts?priority=high, stdout:]
`;
  assertEquals(findReceiverSecrets(text, env), []);
});

/** An address of each scheme, with what is secret of it. */
const ADDRESSES: Readonly<Record<string, readonly [url: string, ...secrets: readonly string[]]>> = {
  stdout: ["stdout:"],
  file: ["file:///var/log/n0-secret.jsonl"],
  json: ["json://127.0.0.1:9093/s3cr3t-path?channel=s3cr3t-channel", "s3cr3t-path", "s3cr3t-channel"],
  jsons: ["jsons://u5er-name:s3cr3t-pass@hooks.example/s3cr3t-path", "u5er-name", "s3cr3t-pass", "s3cr3t-path"],
  ntfy: ["ntfy://ntfy.sh/s3cr3t-topic?priority=5&tags=n0-secret", "s3cr3t-topic"],
  ntfys: ["ntfys://push.example/s3cr3t-topic?token=tk_s3cr3t", "s3cr3t-topic", "tk_s3cr3t"],
  slack: ["slack://hook:T01-B02-s3cr3t@webhook", "T01-B02-s3cr3t"],
  discord: ["discord://s3cr3t-token@1234567890?thread_id=5551234567", "s3cr3t-token", "5551234567"],
  telegram: [
    "telegram://110201543:AAs3cr3t-key@telegram?chats=-1001234567890",
    "110201543",
    "AAs3cr3t-key",
    "-1001234567890",
  ],
  smtp: [
    "smtp://u5er-name:s3cr3t-pass@mail.example:587/?from=a1@x.example&to=b1@x.example",
    "u5er-name",
    "s3cr3t-pass",
    "a1@x.example",
    "b1@x.example",
  ],
  smtps: [
    "smtps://u5er-name:s3cr3t-pass@mail.example/?from=a1@x.example&to=b1@x.example",
    "u5er-name",
    "s3cr3t-pass",
    "a1@x.example",
    "b1@x.example",
  ],
  desktop: ["desktop:"],
};

Deno.test("findReceiverSecrets() knows what is secret of the address of every receiver", () => {
  assertEquals(Object.keys(ADDRESSES).toSorted(), Object.keys(SCHEMES).toSorted());
  const redact = createRedactor();
  for (const [scheme, [url, ...secrets]] of Object.entries(ADDRESSES)) {
    parseReceiverUrl(url);
    assertEquals(findReceiverSecrets(`receivers: ["${url}"]`, () => undefined), secrets, scheme);
    const shown = redact(url);
    const credentials = secrets.filter((secret) => secret.includes("s3cr3t"));
    assertEquals(credentials.filter((secret) => shown.includes(secret)), [], `${scheme}: ${shown}`);
  }
});
