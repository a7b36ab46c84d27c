import { assertEquals } from "@std/assert";
import { prometheusMetrics } from "../../../lib/alerts/mod.ts";

Deno.test("prometheusMetrics() quotes the values of labels, literally also where several are wanted", () => {
  const sent = { name: "mail.sent", kind: "counter", unit: "{mail}", help: "Mails that were sent" } as const;
  const rateOf = (to: string | readonly string[]) =>
    prometheusMetrics([sent], [{ name: "rate", kind: "rate", of: { name: "mail.sent", match: { to } } }])["rate"]!
      .value("5m", []);
  assertEquals(rateOf('x"y\\'), String.raw`sum (rate(mail_sent_total{to="x\"y\\"}[5m]))`);
  assertEquals(rateOf(["a.b", 'x"y']), String.raw`sum (rate(mail_sent_total{to=~"a\\.b|x\"y"}[5m]))`);
});
