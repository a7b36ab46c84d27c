import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Entry, QueueDocument } from "../../api/shapes/queue.ts";
import { useApp } from "../context.ts";
import { Button, Card } from "../frame/parts.tsx";
import type { ActOn } from "./entry_buttons.tsx";
import { LongList } from "./long_list.tsx";
import { WaitingEntry } from "./waiting_entry.tsx";

/** Height of a waiting entry, as the styles have it, on a screen and on a phone. */
const ROW_HEIGHT = 58;

interface WaitingListProps {
  readonly document: QueueDocument;
  /** `null` where nothing can be changed. */
  readonly actOn: ActOn | null;
}

/** What waits: the front of it comes with the queue, the rest is asked for by the page. */
export function WaitingList({ document: queue, actOn }: WaitingListProps): VNode {
  const { words, format, api } = useApp();
  const { queue: text, frame } = words.value;
  const from = useSignal(0);
  const later = useSignal<QueueDocument | null>(null);
  const start = from.value;
  const { revision, waiting: all } = queue;
  const front = waitingOf(queue);
  useEffect(() => {
    if (start === 0) return;
    if (start >= all) {
      from.value = Math.max(0, start - front.length);
      return;
    }
    let isWanted = true;
    // While the server cannot be reached, a notice says so, and the queue comes again after that.
    api.queue(start).then((answer) => isWanted && (later.value = answer), () => {});
    return () => {
      isWanted = false;
    };
  }, [start, revision]);
  const goTo = (next: number): void => {
    from.value = next;
    // The buttons are below the list.
    document.getElementById("waiting")?.scrollIntoView();
  };
  const isHere = start === 0 || later.value?.from === start;
  const listed = start === 0 ? front : waitingOf(later.value);
  const number = (value: number): string => format.value.number(value);
  return (
    <Card id="waiting" title={text.waiting} count={number(all)}>
      {isHere
        ? (
          <LongList
            id="waiting-list"
            items={listed}
            rowHeight={ROW_HEIGHT}
            keyOf={({ id }) => id}
            row={(entry, index) => <WaitingEntry entry={entry} index={start + index} actOn={actOn} />}
          />
        )
        : <p class="soft">{frame.loading}</p>}
      {all > front.length && (
        <div class="buttons">
          <span class="soft" aria-live="polite">
            {text.range(number(start + 1), number(Math.min(all, start + front.length)), number(all))}
          </span>
          {start > 0 && (
            <Button
              look="quiet"
              text={text.earlier}
              onClick={() => goTo(Math.max(0, start - front.length))}
            />
          )}
          {start + front.length < all && (
            <Button
              look="quiet"
              text={text.later}
              onClick={() => goTo(start + front.length)}
            />
          )}
        </div>
      )}
    </Card>
  );
}

function waitingOf(document: QueueDocument | null): readonly Entry[] {
  return document?.entries.filter(({ state }) => state === "waiting" || state === "paused") ?? [];
}
