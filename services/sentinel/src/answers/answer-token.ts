import { createHmac, timingSafeEqual } from 'node:crypto'
import { DAY } from '@tgsentinel/kernel/time'
import type { Answer } from '../model'

/** What a link of a notification says when it is used. */
export interface AnswerLink {
  alertId: number
  destinationId: number
  answer: Answer
  /** Unix milliseconds; the end of a day in UTC. */
  expiresAtMs: number
}

export interface SignedLink extends AnswerLink {
  /** By which a link is known as the same. */
  signature: Buffer
}

/** In the order of their numbers in a token: add at the end. */
const ANSWERS: readonly Answer[] = ['wanted', 'not_wanted', 'snooze']
const VERSION = 1
const BODY_BYTES = 17
/** Of HMAC-SHA256: RFC 2104 section 5 allows no less than half. */
const SIGNATURE_BYTES = 16
const KEPT_DAYS = 7

/** The end of the seventh day after a moment: what is sent again on one day is the same link. */
export function expiryOf(atMs: number): number {
  return (Math.floor(atMs / DAY) + KEPT_DAYS + 1) * DAY
}

/** In base64url, 44 characters. Pure. */
export function tokenOf(key: Buffer, link: AnswerLink): string {
  const body = Buffer.alloc(BODY_BYTES)
  body.writeUInt8(VERSION, 0)
  body.writeUInt8(ANSWERS.indexOf(link.answer), 1)
  body.writeUIntBE(link.alertId, 2, 6)
  body.writeUIntBE(link.destinationId, 8, 6)
  body.writeUIntBE(link.expiresAtMs / DAY, 14, 3)
  return Buffer.concat([body, signatureOf(key, body)]).toString('base64url')
}

/** Undefined for what was not signed by the key. Pure. */
export function linkFrom(key: Buffer, token: string): SignedLink | undefined {
  const bytes = Buffer.from(token, 'base64url')
  // Not two ways to write one link: it would work twice.
  if (bytes.length !== BODY_BYTES + SIGNATURE_BYTES || bytes.toString('base64url') !== token) return undefined
  const [body, signature] = [bytes.subarray(0, BODY_BYTES), bytes.subarray(BODY_BYTES)]
  if (!timingSafeEqual(signature, signatureOf(key, body))) return undefined
  const answer = ANSWERS[body.readUInt8(1)]
  if (body.readUInt8(0) !== VERSION || answer === undefined) return undefined
  return {
    alertId: body.readUIntBE(2, 6),
    destinationId: body.readUIntBE(8, 6),
    answer,
    expiresAtMs: body.readUIntBE(14, 3) * DAY,
    signature,
  }
}

function signatureOf(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, SIGNATURE_BYTES)
}
