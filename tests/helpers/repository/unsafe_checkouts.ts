import { join } from "node:path";
import type { SharedRepository } from "./shared_repository.ts";

/** States of a working tree in which nothing may be changed, with words of the message. */
export const UNSAFE_CHECKOUTS: Readonly<
  Record<string, readonly [(shared: SharedRepository) => Promise<unknown>, string]>
> = {
  "a modified file": [({ write }) => write("a.txt", "changed\n"), "uncommitted changes: a.txt"],
  "a staged file": [async ({ write, git }) => {
    await write("資料 1.txt", "new\n");
    await git("add", "-A");
  }, "uncommitted changes: 資料 1.txt"],
  "a renamed file": [({ git }) => git("mv", "a.txt", "b c.txt"), "uncommitted changes: b c.txt"],
  "a detached HEAD": [({ git }) => git("switch", "-q", "--detach"), "HEAD is detached"],
  "a merge": [async (shared) => {
    await conflict(shared);
    await shared.git("merge", "other").catch(() => {});
  }, "a merge is under way"],
  "a rebase": [async (shared) => {
    await conflict(shared);
    await shared.git("rebase", "other").catch(() => {});
  }, "a rebase is under way"],
  "a cherry-pick": [async (shared) => {
    await conflict(shared);
    await shared.git("cherry-pick", "other").catch(() => {});
  }, "a cherry-pick is under way"],
  "a revert": [async ({ write, commit, git }) => {
    await write("a.txt", "two\n");
    await commit("two");
    await write("a.txt", "three\n");
    await commit("three");
    await git("revert", "--no-edit", "HEAD~1").catch(() => {});
  }, "a revert is under way"],
  "a patch": [async ({ root, write, commit, git }) => {
    await write("a.txt", "theirs\n");
    await commit("theirs");
    await git("format-patch", "-q", "-1", "-o", join(root, "..", "mail"));
    await git("reset", "-q", "--hard", "HEAD~1");
    await write("a.txt", "ours\n");
    await commit("ours");
    await git("am", join(root, "..", "mail", "0001-theirs.patch")).catch(() => {});
  }, "an am session is under way"],
  "a bisect": [async ({ git, write, commit }) => {
    await write("a.txt", "two\n");
    await commit("two");
    await git("bisect", "start", "HEAD", "HEAD~1");
  }, "a bisect is under way"],
};

async function conflict({ git, write, commit }: SharedRepository): Promise<void> {
  await git("switch", "-q", "-c", "other");
  await write("a.txt", "theirs\n");
  await commit("theirs");
  await git("switch", "-q", "main");
  await write("a.txt", "ours\n");
  await commit("ours");
}
