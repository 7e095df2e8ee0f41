import { decodeJwt } from 'jose';
import { claimWishes } from './claims-parameter.ts';

/**
 * The subjects that a request accepts: that of `id_token_hint` (OpenID Connect Core §3.1.2.1), and those of
 * `claims.id_token.sub` (§5.5.1). One list for each, of which the person has to be.
 *
 * The library checks the hint's signature when the request comes, and forgets the hint when the interaction comes back:
 * whoever signed in then got a code. We read it again.
 */
export function expectedSubjects(
  params: Readonly<Record<string, unknown>> | undefined,
): readonly (readonly string[])[] {
  const hint = params?.['id_token_hint'];
  const { sub } = typeof hint === 'string' ? decodeJwt(hint) : {};
  return [
    ...(sub === undefined ? [] : [[sub]]),
    ...claimWishes(params, 'sub', ['id_token'])
      .map(({ values }) => values)
      .filter((values) => values.length > 0),
  ];
}
