import type { AlertsFile, RouteEntry } from "./alerts_schema.ts";
import { compileMatchers, type MatcherContext } from "./_compile_matchers.ts";
import { toMilliseconds } from "./compile_rule.ts";
import type { YamlPath } from "../../config/mod.ts";
import type { AlertRoute } from "./alerts_config.ts";

const MINUTE_MS = 60_000;

/**
 * The route that is used if the file has no `routes`: critical alerts are sent at once, in one group per rule, and their
 * end at the next evaluation, which comes every 30 s or a little earlier.
 */
const URGENT: RouteEntry = { severity: "critical", groupBy: ["alertname"], groupWait: "0s", groupInterval: "15s" };

/** Compile the routes in the order in which they are tried; the last one matches every alert. */
export function compileRoutes(file: AlertsFile, context: MatcherContext): readonly AlertRoute[] {
  const { mistakes } = context;
  const receiverNames = file.receivers?.map((receiver) => receiver.name) ?? [];
  const root = file.route ?? {};
  const base: AlertRoute = {
    matchers: [],
    receiver: root.receiver ?? receiverNames[0] ?? "",
    groupBy: root.groupBy ?? ["severity"],
    groupWaitMs: toMilliseconds(root.groupWait, 5 * MINUTE_MS),
    groupIntervalMs: toMilliseconds(root.groupInterval, 5 * MINUTE_MS),
    repeatIntervalMs: toMilliseconds(root.repeatInterval, 240 * MINUTE_MS),
  };
  const checkReceiver = ({ receiver }: Pick<RouteEntry, "receiver">, path: YamlPath): void => {
    if (receiver !== undefined && !receiverNames.includes(receiver)) {
      mistakes.addUnknown([...path, "receiver"], "receiver", receiver, receiverNames);
    }
  };
  checkReceiver(root, ["route"]);
  const routes = (root.routes ?? [URGENT]).map((entry, index): AlertRoute => {
    const path: YamlPath = ["route", "routes", index];
    checkReceiver(entry, path);
    const matchers = compileMatchers(entry.matchers, [...path, "matchers"], context);
    return {
      matchers: entry.severity === undefined
        ? matchers
        : [{ name: "severity", op: "=", value: entry.severity }, ...matchers],
      receiver: entry.receiver ?? base.receiver,
      groupBy: entry.groupBy ?? base.groupBy,
      groupWaitMs: toMilliseconds(entry.groupWait, base.groupWaitMs),
      groupIntervalMs: toMilliseconds(entry.groupInterval, base.groupIntervalMs),
      repeatIntervalMs: toMilliseconds(entry.repeatInterval, base.repeatIntervalMs),
    };
  });
  return [...routes, base];
}
