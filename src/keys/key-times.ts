/**
 * How long the signing of tokens takes to change, in seconds. They depend on one another: a key is known before it
 * signs, and is still known when the last thing that it signed comes back.
 */

/**
 * The longest that anything we signed is shown to us again: an ID token comes back as `id_token_hint` (OpenID Connect
 * Core §3.1.2.1, RP-Initiated Logout §2) for as long as its grant lives, however soon it expired itself.
 */
export const longestLifeSeconds = 31 * 24 * 3600;

/** How long tools and proxies may keep `/jwks` and the discovery document without asking (RFC 9111 §5.2.2.1). */
export const metadataMaxAgeSeconds = 300;

/** A new key signs no sooner: every process has read it, and every copy of `/jwks` made before has aged out. */
export const shortestPublicationSeconds = metadataMaxAgeSeconds + 60;

/** How far the clocks of two processes may be apart. */
export const clockSkewSeconds = 60;

/** Tools that keep keys longer than they were told to, as many do, keep them for a day at most. */
export const usualPublicationSeconds = 24 * 3600;
