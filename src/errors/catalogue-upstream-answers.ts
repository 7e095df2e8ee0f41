import { entry } from './entry.ts';
import type { ErrorEntry } from './entry.ts';
import { failedEn, failedFr, refusedAnswerEn, refusedAnswerFr } from './upstream-texts.ts';

/** Why an answer of an identity provider is refused, one code for each kind of deviation. */
export const upstreamAnswerErrors = {
  'M-UPST-018': entry(
    502,
    'server_error',
    'ID token: the signature is wrong, or no published key of the identity provider made it (OpenID Connect Core §3.1.3.7 point 6). Keys changed without being published, or a forged token.',
    refusedAnswerFr('La réponse reçue ne porte pas la signature de {{idp}}.'),
    refusedAnswerEn('The answer does not bear the signature of {{idp}}.'),
  ),
  'M-UPST-019': entry(
    502,
    'server_error',
    'ID token signed with another algorithm than `id_token_signed_response_alg`, or with an extension that we do not know (OpenID Connect Core §3.1.3.7 points 7 and 8). Compare both settings.',
    refusedAnswerFr('{{idp}} a signé sa réponse autrement que convenu.'),
    refusedAnswerEn('{{idp}} signed its answer in another way than agreed.'),
  ),
  'M-UPST-020': entry(
    502,
    'server_error',
    'Another issuer than the declared one, in the ID token or in the metadata, letter by letter (OpenID Connect Core §3.1.3.7 point 2). Compare with `issuer`, final slash included.',
    refusedAnswerFr('La réponse a été faite au nom d’un autre site que {{idp}}.'),
    refusedAnswerEn('The answer was made in the name of another site than {{idp}}.'),
  ),
  'M-UPST-021': entry(
    502,
    'server_error',
    'ID token for another client, or for several without `azp` being us (OpenID Connect Core §3.1.3.7 points 3 to 5). Compare with `client_id`.',
    refusedAnswerFr('{{idp}} a envoyé une réponse destinée à un autre site.'),
    refusedAnswerEn('{{idp}} sent an answer that is meant for another site.'),
  ),
  'M-UPST-022': entry(
    502,
    'server_error',
    'Times of the ID token: expired, not valid yet, issued in the future, or missing (OpenID Connect Core §3.1.3.7 points 9 and 10). Compare the clocks.',
    refusedAnswerFr('La réponse de {{idp}} n’est plus valable, ou pas encore.'),
    refusedAnswerEn('The answer of {{idp}} is no longer valid, or not yet.'),
  ),
  'M-UPST-023': entry(
    502,
    'server_error',
    'at_hash of the ID token is not that of the access token that came with it (OpenID Connect Core §3.1.3.8).',
    refusedAnswerFr('Deux parties de la réponse de {{idp}} ne vont pas ensemble.'),
    refusedAnswerEn('Two parts of the answer of {{idp}} do not belong together.'),
  ),
  'M-UPST-024': entry(
    502,
    'server_error',
    'ID token or userinfo encrypted without being declared so, plain although declared encrypted, encrypted in another way than declared, compressed, or to a key that is not ours: see `id_token_encrypted_response_alg`, `userinfo_encrypted_response_alg`.',
    refusedAnswerFr('{{idp}} n’a pas protégé sa réponse comme convenu.'),
    refusedAnswerEn('{{idp}} did not protect its answer as agreed.'),
  ),
  'M-UPST-025': entry(
    502,
    'server_error',
    'Userinfo of another sub than the ID token (OpenID Connect Core §5.3.2).',
    refusedAnswerFr('Les informations reçues sur vous ne concernent pas la même personne.'),
    refusedAnswerEn('What we received about you is not about the same person.'),
  ),
  'M-UPST-026': entry(
    502,
    'server_error',
    'An answer of the identity provider larger than we read: the log names the address.',
    refusedAnswerFr('La réponse de {{idp}} est beaucoup trop longue.'),
    refusedAnswerEn('The answer of {{idp}} is far too long.'),
  ),
  'M-UPST-027': entry(
    502,
    'server_error',
    'The identity provider redirects where it has to answer: never followed. Declare the address that answers.',
    failedFr('{{idp}} a répondu ailleurs que convenu.'),
    failedEn('{{idp}} answered elsewhere than agreed.'),
  ),
  'M-UPST-028': entry(
    502,
    'server_error',
    'An address that we do not call: not https, of this machine, or of a private network while the record does not say `private_addresses: true`. The log names the host.',
    failedFr('L’adresse de {{idp}} n’est pas de celles que nous appelons.'),
    failedEn('The address of {{idp}} is not one that we call.'),
  ),
  'M-UPST-029': entry(
    502,
    'server_error',
    'The identity provider refused our request for tokens or our pushed request, or its answer cannot be read: the log gives error and error_description. Check client_id, secret or key, and the redirect URI that it registered.',
    failedFr('{{idp}} n’a pas accepté notre demande.'),
    failedEn('{{idp}} did not accept our request.'),
  ),
} as const satisfies Record<string, ErrorEntry>;
