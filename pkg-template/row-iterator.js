export class RowIterator { constructor(source) { this.source = source; } }
