// How a page comes to its words. Every page has one module of texts per language; the first language, zh-CN, gives the
// type, so a translation that lacks a sentence does not compile. Pages import only their own module and stay small.

/** The languages that the pages speak. */
export type Language = 'zh-CN'

const fallback: Language = 'zh-CN'

function chosen(translations: Record<Language, unknown>): Language {
  const wanted = document.documentElement.lang
  return wanted in translations ? (wanted as Language) : fallback
}

/**
 * Makes the `use…Texts` function of a page from its translations. The language is that of the document's `lang`
 * attribute; unknown ones get zh-CN.
 */
export function textsOf<T>(translations: Record<Language, T>): () => T {
  return () => translations[chosen(translations)]
}
