// @ts-check
// Each file or folder that CONTRIBUTING and the architecture name exists.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

const ROOT = new URL("../../", import.meta.url);

/** A path from the root, in backticks. */
const PATH = /`((?:\.cargo|crates|docs|fuzz|pkg-template|scripts|simulator|src|tests|www)\/[\w./-]+)`/g;

/** Generated, so missing in a new clone. */
const GENERATED = ["docs/site"];

describe("paths in documents", () => {
  for (const document of ["CONTRIBUTING.md", "docs/architecture.md"]) {
    test(`${document} names existing files`, () => {
      const text = readFileSync(new URL(document, ROOT), "utf8");
      const paths = [...text.matchAll(PATH)].map(([, path]) => path).filter((path) => !GENERATED.includes(path));
      assert.notEqual(paths.length, 0, "no path found: has the way to write them changed?");
      const missing = paths.filter((path) => !existsSync(new URL(path, ROOT)));
      assert.deepEqual(missing, []);
    });
  }
});
