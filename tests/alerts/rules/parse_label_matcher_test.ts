import { assertEquals } from "@std/assert";
import { alertStatus, EMPTY_ALERT_STATE, parseLabelMatcher } from "../../../lib/alerts/mod.ts";

Deno.test("alertStatus() shows matchers that parseLabelMatcher() can read", () => {
  const texts = ["host=cdn", 'host!="a b"', 'path=~files/"(a|b)"', 'name=say "hi"', "name="];
  const matchers = texts.map(parseLabelMatcher);
  const silence = { id: "s", matchers, startsAt: 0, endsAt: 1, author: "a", comment: "c" };
  const config = { rules: [], routes: [], inhibit: [], receivers: [], heartbeat: null };
  const { silences: [shown] } = alertStatus({ ...EMPTY_ALERT_STATE, silences: [silence] }, config, 0);
  assertEquals(shown!.matchers.map(parseLabelMatcher), matchers);
  assertEquals(shown!.matchers, ['host="cdn"', 'host!="a b"', 'path=~files/"(a|b)"', 'name=say "hi"', 'name=""']);
});
