import type { VNode } from "preact";
import type { Entry } from "../../api/shapes/queue.ts";
import type { EntryAct } from "../frame/api.ts";
import { useApp } from "../context.ts";
import type { IconName } from "../frame/icon.tsx";
import { Button } from "../frame/parts.tsx";

/** Does something to an entry; the queue follows by an event. */
export type ActOn = (entry: Entry, act: EntryAct) => void;

/** What can be done in each state, at the same place in each. */
const ACTS: Readonly<Record<Entry["state"], readonly EntryAct[]>> = {
  waiting: ["first", "pause", "cancel"],
  running: ["pause", "cancel"],
  paused: ["first", "resume", "cancel"],
  done: [],
  failed: ["retry"],
  cancelled: ["retry"],
};

const ICONS: Readonly<Record<EntryAct, IconName>> = {
  pause: "pause",
  resume: "resume",
  cancel: "cancel",
  first: "first",
  retry: "again",
};

interface EntryButtonsProps {
  readonly entry: Entry;
  readonly actOn: ActOn | null;
  /** Whether it is the next one already. */
  readonly isFirst?: boolean;
}

/** The buttons of an entry; none where nothing can be changed. */
export function EntryButtons({ entry, actOn, isFirst = false }: EntryButtonsProps): VNode | null {
  const { queue: text } = useApp().words.value;
  if (actOn === null) return null;
  const names = { ...text, retry: text.again };
  return (
    <div class="entry-buttons">
      {ACTS[entry.state].filter((act) => act !== "first" || !isFirst).map((act) => (
        <Button
          key={act}
          look="icon"
          icon={ICONS[act]}
          text={names[act]}
          name={text.actOn(names[act], entry.title)}
          onClick={() => actOn(entry, act)}
        />
      ))}
    </div>
  );
}
