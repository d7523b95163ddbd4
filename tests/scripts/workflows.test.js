// @ts-check
// The workflows in .github run all that the scripts provide, with minimal rights and time limits.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fromRoot } from "../../scripts/lib/paths.js";
import { GROUPS } from "../../scripts/test/steps.js";

const FOLDER = fromRoot(".github", "workflows");

/** @type {{ scripts: Record<string, string> }} */
const { scripts } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"));

/** Each job, as its lines. @param {string} text @returns {[name: string, text: string][]} */
function jobsOf(text) {
  const [, jobs = ""] = text.split(/^jobs:\n/m);
  return jobs
    .split(/^(?= {2}\w+:$)/m)
    .filter((job) => /^ {2}\w/.test(job))
    .map((job) => [job.trim().split(":")[0] ?? "", job]);
}

const workflows = new Map(readdirSync(FOLDER).map((file) => [file, readFileSync(`${FOLDER}/${file}`, "utf8")]));
const action = readFileSync(fromRoot(".github", "actions", "prepare", "action.yml"), "utf8");

describe("workflows", () => {
  for (const [file, text] of workflows) {
    test(`${file}: has read-only rights, unless a job says otherwise`, () => {
      assert.match(text, /^permissions:\n {2}contents: read\n(?! )/m);
      const more = Array.from(text.matchAll(/^ +([\w-]+): write$/gm), ([, right]) => right);
      assert.deepEqual(more, file === "release.yml" ? ["id-token"] : []);
    });

    test(`${file}: every job has a time limit, and one run per branch`, () => {
      const jobs = jobsOf(text);
      assert.ok(jobs.length > 0);
      for (const [name, job] of jobs) assert.match(job, /^ {4}timeout-minutes: \d+$/m, name);
      assert.match(text, /^concurrency:\n {2}group: /m);
    });

    test(`${file}: runs scripts that exist`, () => {
      const named = Array.from(text.matchAll(/run: npm (?:run )?([\w:]+)/g), ([, name = ""]) => name);
      const known = named.filter((name) => !["pkg", "publish"].includes(name));
      assert.ok(known.length > 0);
      for (const name of known) assert.ok(Object.hasOwn(scripts, name), name);
    });
  }

  test("actions are pinned to a major version, and our own exist", () => {
    const used = [...workflows.values(), action].flatMap((text) =>
      Array.from(text.matchAll(/uses: (\S+)/g), ([, name = ""]) => name),
    );
    assert.ok(used.length > 0);
    for (const name of used) {
      if (name.startsWith("./")) assert.ok(existsSync(fromRoot(name, "action.yml")), name);
      else assert.match(name, /^actions\/[\w-]+@v\d+$/);
    }
  });

  test("ci.yml has every group of tests once, and js in each supported Node", () => {
    const ci = workflows.get("ci.yml") ?? "";
    const listed = /^ +group: \[(.+)\]$/m.exec(ci)?.[1]?.split(", ") ?? [];
    const included = Array.from(ci.matchAll(/\{ group: (\w+), node: (\d+) \}/g), ([, group, node]) => [group, node]);
    assert.deepEqual([...listed, "js"].sort(), [...GROUPS].sort());
    assert.deepEqual(included, [
      ["js", "20"],
      ["js", "22"],
      ["js", "24"],
    ]);
  });
});
