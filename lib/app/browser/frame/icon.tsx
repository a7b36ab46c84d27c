import type { VNode } from "preact";

/** Paths of the icons, on a grid of 24 with a stroke of 1.75. */
const PATHS = {
  library: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  model: "M4 4h16v16H4zM4 15l5-5 11 10",
  add: "M12 4v16M4 12h16",
  queue: "M4 6h16M4 12h16M4 18h10",
  updates: "M12 4v11m0 0 5-5m-5 5-5-5M4 20h16",
  health: "M3 12h4l3-8 4 16 3-8h4",
  pause: "M8 5v14M16 5v14",
  resume: "M7 4l13 8-13 8z",
  cancel: "M5 5l14 14M19 5 5 19",
  first: "M5 4h14M12 20V9m0 0-5 5m5-5 5 5",
  again: "M20 12a8 8 0 1 1-2.3-5.6M20 3v5h-5",
  auto: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** A picture beside a text or in a named control, so a screen reader skips it. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
