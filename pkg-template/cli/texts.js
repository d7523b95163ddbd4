// @ts-check
// Texts that the help and the page about the command line share.

export const PROGRAM = "couchdb-scheduler";

export const SERVERS =
  "Passwords are never arguments, because every user of the machine can see those: put them into the environment, a file or " +
  "standard input. Named servers are in $XDG_CONFIG_HOME/couchdb-scheduler/config.json (~/.config/… by default): " +
  '{ "servers": { "NAME": { "url": "…", "user": "…", "password": "…" } } }; instead of the password, "password_file" or ' +
  '"iam_api_key" is possible. If it holds a secret, only its owner may have access to it. With $CLOUDANT_URL the API key is ' +
  "$CLOUDANT_IAM_API_KEY.";

export const OUTPUT = [
  "Data go to standard output, everything else to standard error. On a terminal, tables are fitted to its width, and states " +
    "have a color and a sign. `NO_COLOR`, `FORCE_COLOR` and `--color` decide about colors. Control characters in ids, URLs and " +
    "errors are shown as escapes; in `--json` every text is exact.",
  "`--plain` prints a line per row, its values separated by tabs, without a head; unknown values are empty. `--json` prints one " +
    "JSON document, `--json doc_id,state` only some fields of each row. The keys are those of CouchDB and of the JavaScript API, " +
    "and follow Semantic Versioning. Commands that report while they work (`watch`, `stop`, …) print one JSON object per line.",
  "If the reader goes, as in `list | head -1`, the command ends quietly. Ctrl-C ends its requests; the exit code is 130.",
];
