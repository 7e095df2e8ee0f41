import { hash } from 'node:crypto';

/** SHA-256, base64url: what stands for a bearer value in every store. 256-bit ids need no salt. */
export const hashId = (id: string): string => hash('sha256', id, 'base64url');

/** Ephemeral models of the library and their two letters in a key. Grants and refresh tokens are in SQL. */
const codes: ReadonlyMap<string, string> = new Map([
  ['Session', 'Se'],
  ['Interaction', 'In'],
  ['AuthorizationCode', 'Co'],
  ['AccessToken', 'At'],
  ['ClientCredentials', 'Cc'],
  ['PushedAuthorizationRequest', 'Pa'],
  ['DeviceCode', 'Dc'],
  ['BackchannelAuthenticationRequest', 'Ba'],
  ['PreAuthorizedCode', 'Pc'],
  ['InitialAccessToken', 'It'],
  ['RegistrationAccessToken', 'Rt'],
]);

/** `o:At:` and the like. */
export function modelPrefix(model: string): string {
  const code = codes.get(model);
  if (code === undefined) throw new Error(`no store for the model ${model}`);
  return `o:${code}:`;
}

export const sessionPrefix = 'o:Se:';
/** Session uid → session id, both hashed: what `Session.findByUid` goes through. */
export const uidPrefix = 'o:u:';
/** Grant → keys of its tokens, with their expiry: what a revocation goes through. */
export const grantPrefix = 'o:g:';
/** Rotated session id → its successor, sealed under the old id. */
export const aliasPrefix = 'o:a:';
/** Consumed refresh token → what it was answered, sealed under it. */
export const refreshAnswerPrefix = 'o:ra:';
/** Marks of what must be seen once. */
export const replayPrefix = 'o:r:';
/** Logins under way: the only entries that a full in-process store may drop. */
export const interactionPrefix = 'o:In:';
