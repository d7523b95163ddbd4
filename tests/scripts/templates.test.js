// @ts-check
// Templates and styles in the code of the page are built without what only readers of the source need.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compact } from "../../scripts/build/templates.js";

test("removes indentation, and comments of styles", () => {
  const template = "export const name = () => html`\n      <p>Two   words,\n        one</p>`;";
  assert.equal(compact(template), "export const name = () => html`\n<p>Two   words,\none</p>`;");
  const styles =
    "css`\n  /* Why. */\n  .a .b > c {\n    color: red;\n    --none: ;\n  }\n\n  @media (x) {\n    d {\n      rx: 2px;\n    }\n  }\n`";
  assert.equal(compact(styles), "css`\n.a .b > c{color: red;--none: ;}@media (x){d{rx: 2px;}}`");
});

test("leaves text in strings as it is", () => {
  const code = 'const lines = "[cors]\\n  origins = {  }";';
  assert.equal(compact(code), code);
});
