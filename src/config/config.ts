/**
 * config/: the environment, read once.
 *
 * What it does: turns environment variables into one typed, frozen `Config`, or says in one sentence per variable what
 * is wrong with it. Also keeps what every room receives from the outside: the clock, the log, the seal.
 *
 * Flow: process.env ──▶ settings.ts (one rule per variable) ──▶ loadConfig (defaults, what production demands, keys of
 * development.ts when none are given) ──▶ `Config`. `seal.ts` turns the encryption keys into sealed tokens (cookies,
 * secrets at rest), `fingerprints.ts` into keyed hashes; `logger.ts` writes JSON lines on standard error, with redact.ts as the last thing before the stream.
 *
 * May import: errors. Nothing else of the house.
 */
export type { AuthorityConfig } from './authority.ts';
export { decrypt, encrypt } from './authenticated-encryption.ts';
export { canonicalJson } from './canonical-json.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { createFingerprints } from './fingerprints.ts';
export type { Fingerprints } from './fingerprints.ts';
export { loadConfig } from './load-config.ts';
export type { Config } from './load-config.ts';
export { createLogger } from './logger.ts';
export type { Logger, LogLevel } from './logger.ts';
export { isLoopback } from './loopback.ts';
export type { OrganizationSourceConfig } from './organization-sources.ts';
export { settingNames } from './settings.ts';
export { createSeal } from './seal.ts';
export type { Seal } from './seal.ts';
