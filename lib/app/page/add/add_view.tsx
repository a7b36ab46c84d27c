/// <reference lib="dom" />
import type { VNode } from "preact";
import { useApp } from "../frame/context.ts";
import { ViewHeading } from "../frame/parts.tsx";

/** Not yet written. */
export function AddView(): VNode {
  return <ViewHeading text={useApp().words.value.frame.views.add} />;
}
