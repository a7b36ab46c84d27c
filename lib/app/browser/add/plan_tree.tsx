import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import type { Plan, PlannedModel } from "../../api/shapes/plan.ts";
import { useApp } from "../context.ts";
import { Button } from "../frame/parts.tsx";
import { findModels, leavesOf, leavesOfModel, type Off, type Selected, selectedOf, toggle } from "./selection.ts";

/** Models that are shown at first, and that one press adds. */
const STEP = 100;
/** From this number of models on, they can be searched, and are folded. */
const MANY = 8;

type PlannedVersion = PlannedModel["versions"][number];

/** What {@linkcode PlanTree} shows. */
export interface PlanTreeProps {
  readonly plan: Plan;
  readonly off: Off;
  readonly onOff: (off: Off) => void;
}

/** The models of a plan with their versions and files, each with a check box. */
export function PlanTree({ plan, off, onOff }: PlanTreeProps): VNode {
  const { words, format } = useApp();
  const { add: text } = words.value;
  const wanted = useSignal("");
  const shown = useSignal(STEP);
  const found = findModels(plan.models, wanted.value);
  const leaves = found.flatMap(leavesOfModel);
  const isMany = plan.models.length >= MANY;
  const left = found.length - shown.value;
  return (
    <>
      {isMany && (
        <div class="fields plan-tools">
          <input
            type="search"
            class="field"
            aria-label={text.find}
            placeholder={text.find}
            value={wanted.value}
            onInput={({ currentTarget }) => wanted.value = currentTarget.value}
          />
          <Button
            text={text.selectAll}
            onClick={() => onOff(off.difference(new Set(leaves)))}
          />
          <Button text={text.selectNone} onClick={() => onOff(off.union(new Set(leaves)))} />
        </div>
      )}
      <ul id="plan-models" class="tree">
        {found.slice(0, shown.value).map((model) => (
          <ModelBranch key={model.id} model={model} off={off} onOff={onOff} isFolded={isMany} />
        ))}
        {plan.posted.map(({ name, images }) => (
          <li key={name ?? ""} class="branch soft">{text.posted(name, format.value.number(images.count))}</li>
        ))}
      </ul>
      {left > 0 && (
        <Button
          text={text.showMore(format.value.number(Math.min(STEP, left)))}
          onClick={() => shown.value += STEP}
        />
      )}
      {plan.truncated > 0 && <p class="soft">{text.unnamed(format.value.number(plan.truncated))}</p>}
    </>
  );
}

interface BranchProps extends Pick<PlanTreeProps, "off" | "onOff"> {
  readonly model: PlannedModel;
  readonly isFolded: boolean;
}

function ModelBranch({ model, off, onOff, isFolded }: BranchProps): VNode {
  const { words, format } = useApp();
  const { add: text } = words.value;
  const { name, type, creator, versions } = model;
  const leaves = leavesOfModel(model);
  const facts = [type, ...creator === null ? [] : [text.by(creator)]];
  const count = text.versionCount(versions.length, format.value.number(versions.length));
  return (
    <li class="branch">
      <Leaf leaves={leaves} off={off} onOff={onOff} size={bytesOfModel(model, off)}>
        <b>{name}</b> <span class="soft">{facts.join(" · ")}</span>
      </Leaf>
      <details class="fold" open={!isFolded}>
        <summary aria-label={`${name}: ${count}`}>{count}</summary>
        <ul>
          {versions.map((version) => (
            <li key={version.id}>
              <VersionBranch version={version} off={off} onOff={onOff} />
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

function VersionBranch(
  { version, off, onOff }: Omit<BranchProps, "model" | "isFolded"> & { readonly version: PlannedVersion },
): VNode {
  const { words, format } = useApp();
  const { add: text } = words.value;
  const { name, base, files, images } = version;
  const pictures = images.count === 0 ? [] : [text.images(images.count, format.value.number(images.count))];
  const facts = [base, ...pictures].filter((fact) => fact !== "");
  const [only] = files;
  const isOne = files.length === 1 && only !== undefined;
  return (
    <>
      <Leaf leaves={leavesOf(version)} off={off} onOff={onOff} size={sizeOf(version, off)}>
        {name} <span class="soft">{[...facts, ...isOne ? [fileWords(only, text.replaces)] : []].join(" · ")}</span>
      </Leaf>
      {files.length > 1 && (
        <ul>
          {files.map((file) => (
            <li key={file.key}>
              <Leaf leaves={[file.key]} off={off} onOff={onOff} size={file.bytes}>
                <span class="path">{fileWords(file, text.replaces)}</span>
              </Leaf>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function fileWords({ name, replaces }: PlannedVersion["files"][number], replacing: string): string {
  return replaces ? `${name} (${replacing})` : name;
}

/** The size of what is selected of a model; of all if nothing is, so that it shows what would be saved. */
function bytesOfModel(model: PlannedModel, off: Off): number {
  if (selectedOf(leavesOfModel(model), off) === "none") return bytesOfModel(model, new Set());
  const selected = model.versions.filter((version) => selectedOf(leavesOf(version), off) !== "none");
  return selected.reduce((sum, version) => sum + bytesOf(version, off), 0);
}

/** The size of what is selected of a version; of all if nothing is. */
function bytesOf(version: PlannedVersion, off: Off): number {
  if (selectedOf(leavesOf(version), off) === "none") return bytesOf(version, new Set());
  return version.files.reduce((sum, { key, bytes }) => off.has(key) ? sum : sum + (bytes ?? 0), version.images.bytes);
}

/** The size of what is selected of a version; `null` for pictures alone, whose sizes Civitai does not state. */
function sizeOf(version: PlannedVersion, off: Off): number | null {
  return version.files.length === 0 && version.images.bytes === 0 ? null : bytesOf(version, off);
}

interface LeafProps extends Pick<PlanTreeProps, "off" | "onOff"> {
  readonly leaves: readonly string[];
  /** `null` if it is not known. */
  readonly size: number | null;
  readonly children: ComponentChildren;
}

/** A line with a check box, which stands for some leaves. */
function Leaf({ leaves, off, onOff, size, children }: LeafProps): VNode {
  const { words, format } = useApp();
  const state: Selected = selectedOf(leaves, off);
  return (
    <label class="leaf" data-selected={state}>
      <input
        type="checkbox"
        checked={state === "all"}
        indeterminate={state === "some"}
        onChange={() => onOff(toggle(leaves, off))}
      />
      <span class="leaf-text">{children}</span>
      <span class="leaf-size soft">{size === null ? words.value.add.unknownSize : format.value.bytes(size)}</span>
    </label>
  );
}
