declare module 'stopword' {
  /** Function words by ISO 639-3 code. */
  export const eng: string[]
  export const rus: string[]
  export const ukr: string[]
  export const deu: string[]
  export const fra: string[]
  export const spa: string[]
  export const ita: string[]
  export const por: string[]
  export const tur: string[]
}
