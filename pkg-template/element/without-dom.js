// @ts-check
// Stands in for the globals of the DOM that lit reads when it is imported and when a class is set up, so that Node can
// import the elements, too. Nothing of it becomes a global.

const stub = { createTreeWalker: () => ({}) };
const { HTMLElement: Element = class {}, CSSStyleSheet: Sheet = class {}, document: page = stub } = globalThis;

export { Element as HTMLElement, page as document, Sheet as CSSStyleSheet };
