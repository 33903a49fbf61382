declare module 'telegram/tl/apiTl' {
  const text: string
  export = text
}
