import { isLoopback } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Comparable } from './diff.ts';

/**
 * People are declared by their `sub` at an identity provider, which means them together with its issuer (OpenID Connect Core
 * §5.7). When its name is given to another issuer, the lines that stay as they were would be about whoever has the same `sub`
 * there. Written anew, or at another name, they are about whom their author means.
 *
 * @throws BrokerError M-CONF-002
 */
export function assertIssuersKept(declared: readonly Comparable[], stored: readonly Comparable[]): void {
  const before = issuersOf(stored);
  const known = new Set(stored.filter(isOfPerson).map(keyOf));
  const problems = [...issuersOf(declared)].flatMap(([idp, issuer]) => {
    const former = before.get(idp);
    if (former === undefined || former === issuer || (isOnThisMachine(former) && isOnThisMachine(issuer)))
      return [];
    const people = declared.filter(
      (one) => isOfPerson(one) && one.fields['idp'] === idp && known.has(keyOf(one)),
    );
    return people.length === 0 ? [] : [problem({ idp, former, issuer }, people)];
  });
  if (problems.length > 0) throw new BrokerError('M-CONF-002', { detail: problems.join('\n') });
}

const issuersOf = (objects: readonly Comparable[]): ReadonlyMap<string, string> =>
  new Map(
    objects.flatMap(({ kind, id, fields: { issuer } }) =>
      kind === 'identity_provider' && typeof issuer === 'string' ? [[id, issuer]] : [],
    ),
  );

const isOfPerson = ({ kind }: Comparable): boolean => kind === 'membership' || kind === 'operator';

const keyOf = ({ kind, id, fields: { idp, subject } }: Comparable): string =>
  JSON.stringify(kind === 'membership' ? [kind, id] : [kind, idp, subject]);

/** That of the demonstration: where it listens says nothing about who it is. */
function isOnThisMachine(issuer: string): boolean {
  const url = URL.parse(issuer);
  return url?.protocol === 'http:' && isLoopback(url.hostname);
}

const problem = (
  { idp, former, issuer }: { readonly idp: string; readonly former: string; readonly issuer: string },
  people: readonly Comparable[],
): string => {
  const named = people
    .slice(0, 5)
    .map(({ kind, id }) => `${kind} "${id}"`)
    .join(', ');
  const more = people.length > 5 ? ` and ${people.length - 5} more` : '';
  return `identity provider "${idp}": was ${former}, and is another issuer in your files (${issuer}): whoever has the same subject there would be taken for the person of ${named}${more}. Give the new issuer another id, and declare its people at that one; or take these people out, apply, and declare them again after`;
};
