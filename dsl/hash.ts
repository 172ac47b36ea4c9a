import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonical } from './canonical.js'
import type { Spec } from './decode.js'

/** The SHA-256 of a value's canonical JSON. */
export const hashJson = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(canonical(value))))

/** The name of a version: equal specs have one name on every machine. */
export const hash = (spec: Spec): string => hashJson(spec)
