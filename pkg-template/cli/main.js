#!/usr/bin/env node
// @ts-check
// `npx couchdb-scheduler`: the command line.

import { COMMANDS } from "./commands/index.js";
import { run } from "./run.js";

process.exitCode = await run(process.argv.slice(2), COMMANDS);
