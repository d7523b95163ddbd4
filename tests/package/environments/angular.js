// @ts-check
// Angular's builder (@angular/build:application), called as its command line does it, with its budgets and optimizations on.

import { join } from "node:path";
import { versionOf } from "../../../scripts/lib/projects.js";
import { checkOneWasm, PROGRAM_MODULE, runTool } from "./fixture.js";
import { inPage } from "./page.js";

/** What `ng build` does: reads angular.json, and runs the builder that it names. */
const BUILD = `
import { Architect } from "@angular-devkit/architect";
import { WorkspaceNodeModulesArchitectHost } from "@angular-devkit/architect/node/index.js";
import { logging, schema, workspaces } from "@angular-devkit/core";
import { NodeJsSyncHost } from "@angular-devkit/core/node/index.js";

const root = process.cwd();
const host = workspaces.createWorkspaceHost(new NodeJsSyncHost());
const { workspace } = await workspaces.readWorkspace(root, host);
const registry = new schema.CoreSchemaRegistry();
registry.addPostTransform(schema.transforms.addUndefinedDefaults);
const architect = new Architect(new WorkspaceNodeModulesArchitectHost(workspace, root), registry);
const logger = new logging.Logger("build");
logger.subscribe(({ message }) => console.log(message));
const run = await architect.scheduleTarget({ project: "project", target: "build" }, undefined, { logger });
const { success, error } = await run.lastOutput;
await run.stop();
if (!success) throw new Error(error ?? "the build failed");
`;

const CONFIGURATION = {
  version: 1,
  projects: {
    project: {
      root: "",
      sourceRoot: "src",
      projectType: "application",
      targets: {
        build: {
          builder: "@angular/build:application",
          options: {
            browser: "src/main.ts",
            index: "src/index.html",
            tsConfig: "tsconfig.json",
            outputPath: "out",
            optimization: true,
            outputHashing: "none",
            aot: true,
          },
        },
      },
    },
  },
};

/** @param {string} url */
const main = (url) => `
import { Component, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { Scheduler, SchedulerError } from "couchdb-scheduler";
import { exercise } from "./exercise.js";

@Component({ selector: "app-root", template: "<p>{{ count() }} replications</p>" })
class App {
  readonly count = signal(0);
  async ngOnInit() {
    const result = await exercise({ Scheduler, SchedulerError }, ${JSON.stringify(url)});
    this.count.set(result.iterated);
    console.log("RESULT " + JSON.stringify(result));
  }
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] }).catch((error) => console.error(error));
`;

/** @type {import("./fixture.js").Environment[]} */
export const angular = [
  {
    name: "Angular",
    version: versionOf("@angular/core"),
    async run({ project, url }) {
      const place = await project({
        "angular.json": JSON.stringify(CONFIGURATION),
        "tsconfig.json": JSON.stringify({
          compilerOptions: {
            strict: true,
            allowJs: true,
            target: "es2022",
            module: "preserve",
            lib: ["es2022", "dom"],
            experimentalDecorators: true,
            skipLibCheck: true,
            types: [],
          },
          angularCompilerOptions: { strictTemplates: true },
          files: ["src/main.ts"],
        }),
        "build.mjs": BUILD,
        "src/index.html":
          '<!doctype html><html lang="en"><head><base href="/"><link rel="icon" href="data:,"></head><body><app-root></app-root></body></html>',
        "src/exercise.js": PROGRAM_MODULE,
        "src/main.ts": main(url),
      });
      await runTool(place, ["build.mjs"], { NG_CLI_ANALYTICS: "false", NG_BUILD_CACHE: "0" });
      await checkOneWasm(join(place, "out", "browser"));
      return inPage(join(place, "out", "browser"), {});
    },
  },
];
