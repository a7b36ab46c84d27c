import type { VNode } from "preact";
import type { QueueDocument } from "../../api/shapes/queue.ts";
import { useApp } from "../context.ts";
import { Card } from "../frame/parts.tsx";

/** Speeds to choose from, in bytes per second. */
const SPEEDS = [1, 2, 5, 10, 20, 50, 100].map((mebibytes) => mebibytes * 2 ** 20);
/** Connections to one host to choose from. */
const CONNECTIONS = [1, 2, 3, 4];

interface LimitsCardProps {
  readonly document: QueueDocument;
  /** Receives the request that changes a limit. */
  readonly onChange: (promise: Promise<unknown>) => void;
}

/** Limits of speed and connections, which count for what runs too. */
export function LimitsCard({ document, onChange }: LimitsCardProps): VNode {
  const { words, format, api, queue, announce } = useApp();
  const { queue: text } = words.value;
  const { bytesPerSecond, connections } = document.limits;
  const change = (limits: Partial<QueueDocument["limits"]>): void =>
    onChange(
      api.limitQueue(limits).then((changed) => {
        queue.value = changed;
        announce([text.saved]);
      }),
    );
  return (
    <Card id="limits" title={text.limits}>
      <div class="fields">
        <LimitChoice
          label={text.speed}
          value={bytesPerSecond}
          choices={SPEEDS}
          show={(value) => format.value.speed(value)}
          onChoice={(value) => change({ bytesPerSecond: value })}
        />
        <LimitChoice
          label={text.connections}
          value={connections}
          choices={CONNECTIONS}
          show={(value) => format.value.number(value)}
          onChoice={(value) => change({ connections: value })}
        />
      </div>
    </Card>
  );
}

interface LimitChoiceProps {
  readonly label: string;
  readonly value: number | null;
  readonly choices: readonly number[];
  readonly show: (value: number) => string;
  readonly onChoice: (value: number | null) => void;
}

function LimitChoice({ label, value, choices, show, onChoice }: LimitChoiceProps): VNode {
  const { queue: text } = useApp().words.value;
  const all = value === null || choices.includes(value) ? choices : [...choices, value].toSorted((a, b) => a - b);
  return (
    <label class="field-label">
      <span>{label}</span>
      <select
        class="field"
        value={value === null ? "" : String(value)}
        onChange={({ currentTarget }) => onChoice(currentTarget.value === "" ? null : Number(currentTarget.value))}
      >
        <option value="">{text.asConfigured}</option>
        {all.map((choice) => <option key={choice} value={String(choice)}>{show(choice)}</option>)}
      </select>
    </label>
  );
}
