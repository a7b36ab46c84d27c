import type { ApiCall } from "../api_call.ts";
import { type HttpAnswer, jsonAnswer } from "../../http/http_message.ts";

/** `GET /me`: the only endpoint that shows whether a token is valid. */
export function getMe(call: ApiCall): HttpAnswer {
  if (!call.isSignedIn) return jsonAnswer(401, { error: "Unauthorized" });
  return jsonAnswer(200, {
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
