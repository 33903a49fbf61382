import helmet from 'helmet'

const NONE = ["'none'"]
const SELF = ["'self'"]

/** Headers of every reply: nothing from elsewhere, nothing inline, nobody frames us. */
export function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: NONE,
        scriptSrc: SELF,
        styleSrc: SELF,
        imgSrc: ["'self'", 'data:'],
        connectSrc: SELF,
        workerSrc: SELF,
        manifestSrc: SELF,
        fontSrc: SELF,
        baseUri: NONE,
        formAction: SELF,
        frameAncestors: NONE,
        requireTrustedTypesFor: ["'script'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // Promised over TLS alone, which helmet cannot see (`api/access.ts`).
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  })
}
