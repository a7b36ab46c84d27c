/** A commit of the model: what its history and the files that matter are. Hashes and times are left out. */
export interface ModelCommit {
  /** First line of the message. */
  readonly subject: string;
  readonly parents: readonly ModelCommit[];
  /** Contents by path; `deno.json` stands for the version in it. */
  readonly files: Files;
}

/** Contents by path. */
export type Files = Readonly<Record<string, string>>;

/** Refs by short name: branches as they are called, tags with `tag:` before their name. */
export type ModelRefs = Readonly<Record<string, ModelCommit>>;

/** A clone and its remote as the branch strategy sees them. */
export interface ModelState {
  readonly here: ModelRefs;
  readonly there: ModelRefs;
  /** Short name of the branch that is checked out here; it never moves but by its user. */
  readonly head: string;
}

/** Where a version of the strategy's list is prepared: a fix has its whole number in the name. */
export function releaseBranchOf(version: string): string {
  const [major, minor, patch] = version.split(".");
  return patch === "0" ? `release/v${major}.${minor}-candidate` : `release/v${version}-candidate`;
}

/** The state of a clone whose only branch is `main`, with a tag on it. */
export function beginModel(main: ModelCommit, tag: string): ModelState {
  const refs = { main, [`tag:${tag}`]: main };
  return { here: refs, there: refs, head: "main" };
}

/** Make a commit on top of another one; `null` removes a file. */
export function commitOn(
  parent: ModelCommit,
  subject: string,
  changes: Readonly<Record<string, string | null>>,
): ModelCommit {
  const files = Object.entries({ ...parent.files, ...changes }).filter((entry): entry is [string, string] =>
    entry[1] !== null
  );
  return { subject, parents: [parent], files: Object.fromEntries(files) };
}

/** Create branches, here and there, where another one is on the remote. A missing `develop` begins where `main` is. */
export function startModel(
  state: ModelState,
  names: readonly string[],
  { from, switches = false }: { readonly from: string; readonly switches?: boolean },
): ModelState {
  const start = state.there[from] ?? state.there.main!;
  const created = Object.fromEntries([...from in state.there ? [] : [from], ...names].map((name) => [name, start]));
  return {
    here: { ...created, ...state.here, ...Object.fromEntries(names.map((name) => [name, start])) },
    there: { ...state.there, ...created },
    head: switches ? names[0]! : state.head,
  };
}

/** Merge a branch into others in turn, each with a merge commit, and tag the last one. */
export function finishModel(
  state: ModelState,
  name: string,
  { into, tag }: { readonly into: readonly string[]; readonly tag?: string },
): ModelState {
  const tip = newer(state.here[name], state.there[name]);
  let next: ModelState = { ...state, there: { ...state.there, [name]: tip } };
  let from = tip;
  let fromName = name;
  for (const target of into) {
    const onto = next.there[target] ?? state.there.main!;
    from = contains(onto, tip) ? onto : merge(onto, from, `Merge ${fromName} into ${target}`);
    fromName = target;
    next = moveBranch(next, target, from);
  }
  return tag === undefined ? next : tagModel(next, tag, from);
}

/** Commit to a release's branch, which begins at the remote's `main` if there is none. */
export function prepareModel(state: ModelState, version: string): ModelState {
  const branch = releaseBranchOf(version);
  const commit = commitOn(state.there[branch] ?? state.there.main!, `chore(release): prepare v${version}`, {
    "deno.json": version,
  });
  if (branch in state.there) return moveBranch(state, branch, commit);
  return { ...state, here: { ...state.here, [branch]: commit }, there: { ...state.there, [branch]: commit } };
}

/** Tag a stage of a release on its branch; a stable one is merged into `main`, where its tag is, and `develop`. */
export function stageModel(state: ModelState, version: string, tag: string): ModelState {
  const branch = releaseBranchOf(version);
  const text = tag.slice(1);
  const tip = state.there[branch]!;
  const commit = tip.files["deno.json"] === text ? tip : commitOn(tip, `chore(release): ${tag}`, { "deno.json": text });
  const next = moveBranch(state, branch, commit);
  if (text !== version) return tagModel(next, tag, commit);
  const main = merge(state.there.main!, commit, `Merge ${branch} into main for ${tag}`);
  const tagged = tagModel(moveBranch(next, "main", main), tag, main);
  if (!("develop" in state.there)) return tagged;
  return moveBranch(tagged, "develop", merge(state.there.develop!, main, `Merge ${tag} into develop`));
}

/** Revert each commit of the own line of `main` since a tag, the newest first. */
export function revertModel(state: ModelState, tag: string): ModelCommit {
  const target = state.there[`tag:${tag}`]!;
  let tip = state.there.main!;
  for (let commit = tip; commit !== target; commit = commit.parents[0]!) {
    const files = mergeFiles({ base: commit.files, ours: tip.files, theirs: commit.parents[0]!.files });
    tip = { subject: revertSubject(commit.subject), parents: [tip], files };
  }
  return tip;
}

/** The subject that git gives to a revert of a commit. */
export function revertSubject(subject: string): string {
  return `Revert "${subject}"`;
}

/** Make a merge commit; a branch that has everything already is merged all the same, as with `--no-ff`. */
export function merge(onto: ModelCommit, from: ModelCommit, subject: string): ModelCommit {
  const base = mergeBase(onto, from);
  return {
    subject,
    parents: [onto, from],
    files: mergeFiles({ base: base.files, ours: onto.files, theirs: from.files }),
  };
}

/** Whether a commit is another one or has it in its history. */
export function contains(commit: ModelCommit, ancestor: ModelCommit): boolean {
  return historyOf(commit).has(ancestor);
}

/** Move a branch on the remote, and here too if it is there and not checked out. */
function moveBranch(state: ModelState, name: string, commit: ModelCommit): ModelState {
  const isMoved = name in state.here && state.head !== name;
  return {
    ...state,
    here: isMoved ? { ...state.here, [name]: commit } : state.here,
    there: { ...state.there, [name]: commit },
  };
}

function tagModel(state: ModelState, tag: string, commit: ModelCommit): ModelState {
  const made = { [`tag:${tag}`]: commit };
  return { ...state, here: { ...state.here, ...made }, there: { ...state.there, ...made } };
}

function newer(one: ModelCommit | undefined, other: ModelCommit | undefined): ModelCommit {
  if (one === undefined || other === undefined) return (one ?? other)!;
  return contains(one, other) ? one : other;
}

function historyOf(commit: ModelCommit): ReadonlySet<ModelCommit> {
  const found = new Set<ModelCommit>();
  const waiting = [commit];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...next.parents);
  }
  return found;
}

/** Find the one best common ancestor; the strategy never merges crosswise. */
function mergeBase(one: ModelCommit, other: ModelCommit): ModelCommit {
  const others = historyOf(other);
  const common = [...historyOf(one)].filter((commit) => others.has(commit));
  const best = common.filter((commit) => !common.some((next) => next !== commit && contains(next, commit)));
  if (best.length === 1) return best[0]!;
  throw new TypeError(`Cannot merge: there are ${best.length} best common ancestors`);
}

interface ThreeFiles {
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
}

/** Merge three versions of the files; who did not change a file gets the change of the other. */
function mergeFiles({ base, ours, theirs }: ThreeFiles): Files {
  const merged: Record<string, string> = {};
  for (const path of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const isTheirs = ours[path] === base[path];
    if (!isTheirs && theirs[path] !== base[path] && ours[path] !== theirs[path]) {
      throw new TypeError(`Cannot merge ${path}: both sides changed it`);
    }
    const content = isTheirs ? theirs[path] : ours[path];
    if (content !== undefined) merged[path] = content;
  }
  return merged;
}
