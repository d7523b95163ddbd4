// @ts-check
// Which rows belong to the databases that are audited. The rows of Cloudant have another name than the one that is
// requested: `account/_replicator`.

export class AuditedDatabases {
  #isAll;
  /** What is requested, by the names in rows. @type {Map<string, string>} */
  #names = new Map();

  /** @param {string} database or "all" */
  constructor(database) {
    this.#isAll = database === "all";
    if (!this.#isAll) this.#names.set(database, database);
  }

  /** A row of the requested database has this name. @param {string} requested @param {string} shown */
  add(requested, shown) {
    this.#names.set(shown, requested);
  }

  /** Jobs that belong to no document, and nodes, are always audited. @param {{ database: string | null } | undefined} row */
  has(row) {
    return this.#isAll || row?.database === null || this.#names.has(row?.database ?? "");
  }

  /** Whether one of the rows belongs to a database that is audited. @param {{ database: string | null }[]} rows */
  hasDatabaseOf(rows) {
    return rows.some((row) => row.database !== null && this.has(row));
  }

  /** A row as its document is requested. @template {{ database: string | null }} Row @param {Row} row @returns {Row} */
  requested(row) {
    return { ...row, database: row.database && (this.#names.get(row.database) ?? row.database) };
  }
}
