// @ts-check
// Templates in the code of the page are built without what only readers of the source need.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compact } from "../../scripts/build/templates.js";

test("removes indentation", () => {
  const template = "export const name = () => html`\n      <p>Two   words,\n        one</p>`;";
  assert.equal(compact(template), "export const name = () => html`\n<p>Two   words,\none</p>`;");
});

test("leaves text in strings as it is", () => {
  const code = 'const lines = "[cors]\\n  origins = {  }";';
  assert.equal(compact(code), code);
});
