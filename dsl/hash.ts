import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonical } from './canonical.js'
import type { Spec } from './decode.js'

/** The name of a version: the SHA-256 of the spec's canonical JSON, so that equal specs have one name on every machine. */
export const hash = (spec: Spec): string => bytesToHex(sha256(utf8ToBytes(canonical(spec))))
