import type { VNode } from "preact";
import type { Entry } from "../../api/shapes/queue.ts";
import { useApp } from "../context.ts";
import { Badge } from "../frame/parts.tsx";
import { type ActOn, EntryButtons } from "./entry_buttons.tsx";
import { STATE_TONES, targetsOf } from "./entry_words.ts";

interface WaitingEntryProps {
  readonly entry: Entry;
  readonly index: number;
  readonly actOn: ActOn | null;
}

/** An entry that waits or is paused: one of many, so it has two lines only. */
export function WaitingEntry({ entry, index, actOn }: WaitingEntryProps): VNode {
  const { words, format, now } = useApp();
  const { queue: text } = words.value;
  const { title, kind, state, reason, addedAt } = entry;
  const about = targetsOf(entry, text);
  const facts = [about, text.added(format.value.time(addedAt, now.value)), reason ?? ""];
  return (
    <div class="entry-line">
      <span class="entry-place soft" aria-hidden="true">{format.value.number(index + 1)}</span>
      <div class="entry-name">
        <p class="title line" title={title}>{title}</p>
        <p class="soft small line">
          <Badge>{text.kinds[kind]}</Badge> {state === "paused" && (
            <>
              <Badge tone={STATE_TONES.paused}>{text.states.paused}</Badge>
              {" "}
            </>
          )}
          {facts.filter((fact) => fact !== "").join(" · ")}
        </p>
      </div>
      <EntryButtons entry={entry} actOn={actOn} isFirst={index === 0} />
    </div>
  );
}
