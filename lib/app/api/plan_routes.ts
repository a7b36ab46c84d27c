import { z } from "zod";
import { defineRoute, type Route } from "../http/route.ts";
import { notFound, RouteError } from "../http/route_error.ts";
import type { PlanStore } from "../plans/plan_store.ts";
import { planRequestSchema, planSchema } from "./shapes/plan.ts";

/** Longest idempotency key, in characters. */
const MAX_KEY = 200;

/** Routes that plan by name, before anything is queued. */
export function planRoutes(plans: PlanStore): readonly Route[] {
  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/plans",
      summary: "Plan targets by name, in the background; nothing is fetched",
      body: planRequestSchema,
      answer: planSchema,
      status: 202,
      example: { body: { targets: ["user:NAME", "https://civitai.com/models/123"], choice: { versions: "latest" } } },
      handle: ({ body, header }) => plans.add({ ...body, key: readKey(header) }),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/plans/{id}",
      summary: "A plan, while it is being made and for an hour",
      answer: planSchema,
      handle({ params: { id = "" } }) {
        const plan = plans.get(id);
        if (plan === null) throw noPlan();
        return plan;
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/plans/{id}",
      summary: "Drop a plan; stop it if it is being made",
      answer: null,
      async handle({ params: { id = "" } }) {
        if (!await plans.remove(id)) throw noPlan();
        return { status: 204, body: null };
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/updates",
      summary: "Plan what is newer of all models of the library, in the background",
      body: z.strictObject({}),
      answer: planSchema,
      status: 202,
      example: { body: {} },
      handle: ({ header }) => plans.addUpdates({ key: readKey(header) }),
    }),
  ];
}

function noPlan(): RouteError {
  return notFound("Cannot find the plan: it was dropped, or never made", {
    hint: "A plan is kept for an hour; make a new one",
  });
}

/** Read the key that makes a repeated request harmless. */
function readKey(header: (name: string) => string | null): string | null {
  const key = header("idempotency-key");
  if (key === null || key.length <= MAX_KEY) return key;
  throw new RouteError("usage", `Cannot use the idempotency key: it has more than ${MAX_KEY} characters`);
}
