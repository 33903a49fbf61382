import { draftOf, EMPTY_FORM, formOf } from '../web/src/deliveries/destination-form'
import { TYPED_KINDS } from '../web/src/deliveries/destination-kinds'
import type { Destination } from '../web/src/model'
import { browserName } from '../web/src/browser-name'
import { supportOf, type BrowserFacts, type Support } from '../web/src/push/support'

const FACTS: BrowserFacts = { isSecure: true, hasPush: true, isAppleMobile: false, permission: 'default' }

test.each<[Support, Partial<BrowserFacts>]>([
  ['ready', {}],
  ['ready', { permission: 'granted' }],
  ['denied', { permission: 'denied' }],
  ['unsupported', { hasPush: false }],
  ['home_screen', { hasPush: false, isAppleMobile: true }],
  ['ready', { isAppleMobile: true }],
  // Without a secure context there is nothing else to be seen.
  ['insecure', { isSecure: false, hasPush: false, isAppleMobile: true }],
])('a browser is %s by what it says of itself (%o)', (support, facts) => {
  expect(supportOf({ ...FACTS, ...facts })).toBe(support)
})

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36 Edg/140',
    'Edge on Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile Safari/604.1',
    'Chrome on iPhone',
  ],
  ['curl/8', 'curl/8'],
  ['', 'Unknown browser'],
])('a browser that says %s is called %s', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name)
})

describe('the form of a browser’s destination', () => {
  const destination = { name: 'Phone', target: { kind: 'web_push', discreet: true }, hears: {} } as Destination

  it('keeps what it shows, and asks for no secret', () => {
    expect(draftOf(formOf(destination))).toMatchObject({ target: destination.target, secrets: {} })
    const form = formOf(destination)
    expect(draftOf({ ...form, values: { discreet: 'false' } }).target).toEqual({ kind: 'web_push', discreet: false })
  })

  it('is not offered for what is typed', () => {
    expect(TYPED_KINDS).toContain(EMPTY_FORM.kind)
    expect(TYPED_KINDS).not.toContain('web_push')
  })
})
