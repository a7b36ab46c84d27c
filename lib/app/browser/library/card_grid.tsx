import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { PictureChoice } from "../pictures/picture_choice.ts";
import { MAX_SCROLL_HEIGHT } from "./follow_scroll.ts";
import { cardByKey, GAP, gridOf, placeOf, positionToShow } from "./grid_of.ts";
import { noteOpening, readPlace, savePlace } from "./grid_place.ts";
import { GridScroller } from "./grid_scroller.ts";
import type { LibraryStore } from "./library_store.ts";
import type { LibraryMessages } from "../messages/library_en.ts";
import { type CardFrame, ModelCard } from "./model_card.tsx";

/** Cards are fetched when the range has not changed for this long. */
const SETTLE_MS = 20;

/** What the grid shows. */
export interface CardGridProps {
  readonly ids: readonly number[];
  /** Changes with the query, not with the library: cards of the same query keep their place. */
  readonly queryKey: string;
  readonly store: LibraryStore;
  readonly words: LibraryMessages;
  readonly pictures: PictureChoice;
}

/** The cards in a box that scrolls; the document has only those that are visible, and a row above and below. */
export function CardGrid({ ids, queryKey, store, words, pictures }: CardGridProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const size = useSignal({ width: 0, viewport: 0 });
  const current = useSignal(0);
  const hasFocus = useRef(false);
  /** Whether the focus follows as soon as the current card is in the document. */
  const isMoving = useRef(false);
  const shown = useRef<{ readonly ids: readonly number[]; readonly queryKey: string } | null>(null);
  const scroller = useMemo(
    () => new GridScroller((position) => savePlace({ key: shown.current!.queryKey, position, id: null })),
    [],
  );
  const layout = { count: ids.length, ...size.value, maxHeight: MAX_SCROLL_HEIGHT };
  if (shown.current?.ids !== ids) {
    if (shown.current?.queryKey === queryKey) keepPlace(shown.current.ids);
    else goToPlace();
    shown.current = { ids, queryKey };
  }
  const grid = gridOf({ ...layout, position: scroller.position.value });
  const isAway = current.value < grid.first || current.value >= grid.end;

  /** Go where the entry of the history was left. */
  function goToPlace(): void {
    const place = readPlace(queryKey);
    const index = place.id === null ? -1 : ids.indexOf(place.id);
    scroller.position.value = place.position;
    current.value = Math.max(0, index);
    isMoving.current = index !== -1;
  }

  /** Let the first visible card stay where it is, although cards have come or gone before it. */
  function keepPlace(before: readonly number[]): void {
    const position = scroller.position.peek();
    const old = gridOf({ ...layout, count: before.length, position });
    const index = ids.indexOf(before[Math.floor(position / old.rowHeight) * old.columns] ?? -1);
    if (position > 0 && index !== -1) scroller.position.value = placeOf(index, old).top + position % old.rowHeight;
    current.value = Math.max(0, ids.indexOf(before[current.peek()] ?? -1));
  }

  useLayoutEffect(() => {
    const node = box.current!;
    // Without its styles, the box is as high as its content: all cards would be drawn at once.
    const measure = () => size.value = { width: node.clientWidth, viewport: Math.min(node.clientHeight, innerHeight) };
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    measure();
    return () => {
      observer.disconnect();
      scroller.detach();
    };
  }, []);
  useLayoutEffect(() => {
    if (size.value.width === 0) return;
    scroller.attach(box.current!, grid);
    if (!isMoving.current) return;
    const link = box.current!.querySelector<HTMLElement>(`[data-index="${current.peek()}"]`);
    link?.focus({ preventScroll: true });
    isMoving.current = link === null;
  });
  useEffect(() => {
    const timer = setTimeout(() => store.cards.want(grid.first, grid.end), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [ids, grid.first, grid.end, store.revision.value]);
  // The tab key reaches one of the cards that are there.
  useEffect(() => {
    const first = Math.ceil(scroller.position.peek() / grid.rowHeight) * grid.columns;
    if (isAway && !hasFocus.current && !isMoving.current && first < ids.length) current.value = first;
  });

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const index = indexOf(event.target);
    const next = index === null ? null : cardByKey(event.key, index, { count: ids.length, grid });
    if (next === null) return;
    event.preventDefault();
    isMoving.current = true;
    current.value = next;
    scroller.moveTo(positionToShow(next, scroller.position.peek(), grid));
  }

  function onFocus(event: FocusEvent): void {
    hasFocus.current = true;
    const index = indexOf(event.target);
    if (index !== null) current.value = index;
  }

  function onClick(event: MouseEvent): void {
    const index = (event.target as HTMLElement).closest("a") === null ? null : indexOf(event.target);
    const id = index === null ? undefined : ids[index];
    if (id === undefined) return;
    savePlace({ key: queryKey, position: scroller.position.peek(), id });
    noteOpening(id);
  }

  const frame: CardFrame = useMemo(
    () => ({ store, words, pictures, current, isFast: scroller.isFast }),
    [store, words, pictures],
  );
  const indexes = Array.from({ length: grid.end - grid.first }, (_, at) => grid.first + at);
  // The card with the focus remains, however far away: the focus would be lost with it.
  if (isAway && hasFocus.current && current.value < ids.length) indexes.push(current.value);
  return (
    <div ref={box} class="grid-box" onScroll={() => scroller.follow()}>
      <ul
        class="grid"
        role="list"
        aria-label={words.modelsLabel}
        style={{ height: `${grid.scrollHeight}px` }}
        onKeyDown={onKeyDown}
        onFocusIn={onFocus}
        onFocusOut={() => hasFocus.current = false}
        onClick={onClick}
      >
        {size.value.width > 0 && indexes.map((index) => {
          const { left, top } = placeOf(index, grid);
          return (
            <ModelCard
              key={ids[index]}
              frame={frame}
              id={ids[index]!}
              index={index}
              count={ids.length}
              left={left}
              top={top + scroller.origin.value}
              width={grid.cardWidth}
              height={grid.rowHeight - GAP}
              pictureHeight={grid.pictureHeight}
            />
          );
        })}
      </ul>
    </div>
  );
}

/** The index of the card that an element belongs to. */
function indexOf(target: EventTarget | null): number | null {
  const card = (target as HTMLElement).closest(".model")?.querySelector<HTMLElement>("[data-index]");
  return card ? Number(card.dataset.index) : null;
}
