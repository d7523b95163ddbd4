// @ts-check
// All environments: one per row of the README's table.

import { angular } from "./angular.js";
import { browser } from "./browser.js";
import { bun } from "./bun.js";
import { deno } from "./deno.js";
import { esbuild } from "./esbuild.js";
import { jest } from "./jest.js";
import { next } from "./next.js";
import { node } from "./node.js";
import { oldChromium } from "./old-chromium.js";
import { otherEngines } from "./other-engines.js";
import { parcel } from "./parcel.js";
import { rollup } from "./rollup.js";
import { rspack } from "./rspack.js";
import { svelte } from "./svelte.js";
import { typescript } from "./typescript.js";
import { vite } from "./vite.js";
import { vitest } from "./vitest.js";
import { webpack } from "./webpack.js";
import { workerd } from "./workerd.js";

/** @type {import("./fixture.js").Environment[]} */
export const ENVIRONMENTS = [
  ...node,
  ...typescript,
  ...bun,
  ...deno,
  ...workerd,
  ...browser,
  ...oldChromium,
  ...otherEngines,
  ...vite,
  ...webpack,
  ...next,
  ...esbuild,
  ...rollup,
  ...rspack,
  ...parcel,
  ...svelte,
  ...angular,
  ...jest,
  ...vitest,
];
