export interface DemoToolDefinition {
  /** Client id at the broker, and first segment of the tool's addresses. */
  readonly id: string;
  readonly name: string;
  /** What the tool is for, in one sentence. */
  readonly purpose: string;
  readonly secret: string;
  /** Real tools differ, so do these: the suite posts its secret, Matrix servers send it with HTTP Basic. */
  readonly authentication: 'client_secret_post' | 'client_secret_basic';
  readonly scope: string;
}

/** Everything the broker can say about a person and their organization; a real tool asks for what it needs. */
const everything =
  'openid given_name usual_name email uid siret siren organization_label roles is_public_service organization_type ' +
  'organization_rna organization_territory organization_link eligibility entitlements idp_id amr';

const demoSecret = (id: string): string => `${id}-demo-secret-not-for-production-0123456789`;

export const demoToolDefinitions = [
  {
    id: 'docs',
    name: 'Docs',
    purpose: 'Écrire à plusieurs et relire ensemble.',
    secret: demoSecret('docs'),
    authentication: 'client_secret_post',
    scope: everything,
  },
  {
    id: 'tchap',
    name: 'Tchap',
    purpose: 'Échanger des messages entre agents, et avec des personnes invitées.',
    secret: demoSecret('tchap'),
    authentication: 'client_secret_basic',
    scope: everything,
  },
  {
    id: 'visio',
    name: 'Visio',
    purpose: 'Se réunir à distance.',
    secret: demoSecret('visio'),
    authentication: 'client_secret_post',
    scope: everything,
  },
] as const satisfies readonly DemoToolDefinition[];
