import { z } from 'zod';
import { openMailDomains } from '../organizations/organizations.ts';
import { domain, duplicates, isoDay, setOf, text } from './scalars.ts';

/** What a record says of who is sent to its provider, and of the addresses that it may assert beyond its own. */

/** Letter case aside, how `canonicalEmail` writes an address: in small letters, so that one address is written once. */
const testAddress = z.string().refine(
  (value) => {
    const [local = '', host = '', ...others] = value.split('@');
    return (
      others.length === 0 &&
      /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local) &&
      local.length <= 64 &&
      value.length <= 254 &&
      domain.safeParse(host).success
    );
  },
  { error: 'must be an address in lower case, like essai-7f3a@mairie.example' },
);

const extraDomain = z
  .strictObject({
    domain,
    decided_by: z
      .strictObject({ given_name: text, usual_name: text, capacity: text, organization: text })
      .readonly(),
    decided_on: isoDay,
    reason: text,
  })
  .readonly();

export const choiceMembers = {
  /**
   * Given: the provider is hidden. Only who types exactly one of these goes there, from any page and by any hint; its
   * domains send nobody.
   */
  test_addresses: setOf(testAddress)
    .refine((list) => list.length >= 1 && list.length <= 20, { error: 'must hold 1 to 20 addresses' })
    .optional(),
  /** Domains of others whose addresses it may assert; nobody is sent to it for them. Each is an operator's decision. */
  extra_domains: z
    .array(extraDomain)
    .refine((extras) => duplicates(extras.map((extra) => extra.domain)).length === 0, {
      error: 'must not hold the same domain twice',
    })
    .readonly()
    .optional(),
} as const;

/** Of what is written now; what rests in the database stays readable when the list of open mail services grows. */
export function choiceProblems(idp: {
  readonly domains: readonly string[];
  readonly extra_domains?: readonly { readonly domain: string }[] | undefined;
  readonly gives_organization?: false | undefined;
}): readonly (readonly [string, string])[] {
  const { extra_domains: extras = [] } = idp;
  const open = (field: string, domains: readonly string[]) =>
    domains
      .filter((one) => openMailDomains.has(one))
      .map((one) => [field, `must not hold ${one}, where anybody opens a mailbox`] as const);
  return [
    ...open('domains', idp.domains),
    ...open(
      'extra_domains',
      extras.map((extra) => extra.domain),
    ),
    ...extras
      .filter((extra) => idp.domains.includes(extra.domain))
      .map((extra) => ['extra_domains', `must not hold ${extra.domain}, which is one of domains`] as const),
    ...(extras.length > 0 && idp.gives_organization === false
      ? [['extra_domains', 'has no use under gives_organization: false: it vouches for no address'] as const]
      : []),
  ];
}
