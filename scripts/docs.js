// @ts-check
// `npm run docs`: the site of the API, from the published types and the guides, in docs/site. Fails if an exported item
// has no comment, or a link is broken. `npm run docs -- FOLDER` writes it elsewhere.

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { fromRoot } from "./lib/paths.js";
import { exitOnSignals, run } from "./lib/run.js";
import { progress, Stop, say, start } from "./lib/say.js";
import { docsTools } from "./setup/node-modules.js";

const DOCS = fromRoot("docs");

/** @param {string} folder the site's folder; previous contents are removed */
export async function makeSite(folder) {
  const missing = docsTools();
  if (missing) await progress(missing.name, missing.install);
  const typedoc = join(DOCS, "node_modules", "typedoc", "bin", "typedoc");
  const { ok, output } = await run(process.execPath, [typedoc, "--out", folder], { cwd: DOCS, seconds: 120 });
  if (!ok) throw new Stop(output);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  exitOnSignals();
  takeCouchdbEnv();
  await start(async () => {
    const folder = resolve(process.argv[2] ?? join(DOCS, "site"));
    await makeSite(folder);
    say(`The site is in ${folder}: open index.html.`);
  });
}
