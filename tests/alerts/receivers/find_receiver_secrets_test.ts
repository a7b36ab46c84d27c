import { assertEquals } from "@std/assert";
import { findReceiverSecrets } from "../../../lib/alerts/mod.ts";

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
