import { entry, text } from './entry.ts';
import type { ErrorEntry, ErrorText } from './entry.ts';

/**
 * Why a logout token of an identity provider is refused (OpenID Connect Back-Channel Logout 1.0 §2.6). Programs get these,
 * and whoever runs them reads them; nothing says whether anybody is signed in.
 */
const refusedFr = (why: string): ErrorText =>
  text(
    'L’annonce de déconnexion est refusée',
    `${why} Aucune session n’a été fermée.`,
    'Vérifiez les réglages de votre fournisseur d’identité, et donnez la référence ci-dessous à la personne qui administre ce site.',
  );

const refusedEn = (why: string): ErrorText =>
  text(
    'The logout token is refused',
    `${why} No session was ended.`,
    'Check the settings of your identity provider, and give the reference below to the person who runs this site.',
  );

export const upstreamLogoutErrors = {
  'M-UPST-042': entry(
    400,
    'invalid_request',
    'Logout token: unreadable, too long, typ other than logout+jwt, encrypted otherwise than declared, signed with another algorithm than `id_token_signed_response_alg`, or by no published key of the identity provider. Forged, or keys changed without being published.',
    refusedFr('Elle ne porte pas la signature de {{idp}}, ou elle est illisible.'),
    refusedEn('It does not bear the signature of {{idp}}, or it is unreadable.'),
  ),
  'M-UPST-043': entry(
    400,
    'invalid_request',
    'Logout token: iss, aud, events, sub, sid or jti missing or wrong, or a nonce (OpenID Connect Back-Channel Logout §2.6): an ID token, or a token for another client. The log names the rule. Compare with `issuer` and `client_id`.',
    refusedFr('Elle ne contient pas ce qu’il faut, ou elle n’est pas pour ce site.'),
    refusedEn('It does not hold what it must, or it is not meant for this site.'),
  ),
  'M-UPST-044': entry(
    400,
    'invalid_request',
    'Logout token made more than two minutes ago, expired, or made in the future. Compare the clocks; the identity provider has to make a new token at each attempt.',
    refusedFr('Elle n’est plus valable, ou pas encore.'),
    refusedEn('It is no longer valid, or not yet.'),
  ),
  'M-UPST-045': entry(
    400,
    'invalid_request',
    'Logout token used before (jti): sent twice by the identity provider, or replayed by somebody. The first one had its effect.',
    refusedFr('Elle a déjà servi.'),
    refusedEn('It was used already.'),
  ),
} as const satisfies Record<string, ErrorEntry>;
