// @ts-check
// docs/cli.md is made from the help texts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cliPage, PAGE } from "../../scripts/cli-page.js";

test("docs/cli.md is what `npm run docs:cli` writes", async () => {
  assert.equal(readFileSync(PAGE, "utf8"), await cliPage(), "run `npm run docs:cli`");
});
