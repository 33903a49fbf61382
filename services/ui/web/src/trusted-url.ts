interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

/** Our CSP asks for trusted types: the address of a script has to come out of a policy. */
export function trustedUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  return trustedTypes?.createPolicy('tgsentinel-worker', { createScriptURL: (own) => own }).createScriptURL(url) ?? url
}
