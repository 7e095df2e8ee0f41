import { z } from 'zod';
import { duplicates } from './scalars.ts';

/** Every scope that a client may be granted: domain reference §6.2, ProConnect's names, OpenID Connect Core §5.4 and §11. */
export const supportedScopes = [
  'openid',
  'offline_access',
  'profile',
  'given_name',
  'usual_name',
  'email',
  'phone',
  'uid',
  'organizational_unit',
  'belonging_population',
  'chorusdt',
  'siret',
  'siren',
  'organization_label',
  'roles',
  'groups',
  'is_public_service',
  'organization_type',
  'organization_rna',
  'organization_territory',
  'organization_link',
  'eligibility',
  'entitlements',
  'guest',
  'idp_id',
  'idp_acr',
  'amr',
  'custom',
] as const;

/** A misspelt scope would fail each login of its client: it is refused here, once, with its line. */
export const clientScope = z.string().superRefine((value, context) => {
  const names = value.split(' ');
  const known: readonly string[] = supportedScopes;
  const issue = (message: string) => context.addIssue({ code: 'custom', message });
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    issue(
      `holds unknown scopes: ${unknown.map((name) => JSON.stringify(name)).join(', ')} (separate with one space)`,
    );
  }
  if (!names.includes('openid')) issue('must contain openid');
  if (duplicates(names).length > 0) issue(`holds twice: ${duplicates(names).join(', ')}`);
});
