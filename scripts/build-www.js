// @ts-check
// `npm run build:www`: builds the page as static files, for any folder of any web server.

import { relative } from "node:path";
import { buildPage } from "./build/www.js";
import { build } from "./build.js";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { ROOT, WWW } from "./lib/paths.js";
import { exitOnSignals } from "./lib/run.js";
import { progress, say, start } from "./lib/say.js";

exitOnSignals();
takeCouchdbEnv();
await start(async () => {
  await build();
  const gzipped = await progress("bundling the page", () => buildPage(WWW));
  say(
    `${relative(ROOT, WWW)} holds the page, ${(gzipped / 1000).toFixed(1)} kB gzipped in all. Copy it to a web server.`,
  );
  say('To show one server without asking for it, write {"url": "https://couch.example.com"} into its config.json.');
});
