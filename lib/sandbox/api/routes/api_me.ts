import type { ApiCall } from "../api_call.ts";
import { type HttpResponse, jsonResponse } from "../../http/http_message.ts";

/** `GET /me`: the only endpoint that shows whether a token is valid. */
export function getMe(call: ApiCall): HttpResponse {
  if (!call.isSignedIn) return jsonResponse(401, { error: "Unauthorized" });
  return jsonResponse(200, {
    id: 8_800_001,
    username: "sandbox",
    tier: "free",
    status: "active",
    isMember: false,
    subscriptions: [],
    tokenScope: 1,
    buzzLimit: null,
    subject: { type: "apiKey", id: 9901 },
  });
}
