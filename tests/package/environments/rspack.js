// @ts-check
// Rspack without loaders or experiments, with webpack's configuration: a page and a server.

import { pathToFileURL } from "node:url";
import { installed, versionOf } from "../../../scripts/lib/projects.js";
import { webpackLike } from "./webpack.js";

const MODULE = pathToFileURL(installed("@rspack", "core", "dist", "index.js")).href;

export const rspack = webpackLike(
  "Rspack",
  versionOf("@rspack/core"),
  `(await import(${JSON.stringify(MODULE)})).rspack`,
);
