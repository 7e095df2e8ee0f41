/** How people come to act for an organization. */
import type { JoinedShown, PageName, Pages } from '../../src/http/http.ts';

interface Sample<K extends PageName> {
  readonly name: string;
  readonly page: K;
  readonly model: Pages[K];
}
type JoiningPage = Extract<PageName, `joining/${string}`>;

const active: JoinedShown = {
  id: '6d8a5c1e-2d75-4b33-9a1c-0c6c8d8c7b21',
  name: 'Association sportive fictive',
  siret: '00000040600009',
  state: 'active',
  verified: 'moderated',
  ground: 'mandate',
  since: new Date('2026-02-01T09:00:00Z'),
  until: '2027-12-31',
  external: false,
};
const waits: JoinedShown = {
  ...active,
  id: '6d8a5c1e-2d75-4b33-9a1c-0c6c8d8c7b22',
  state: 'awaiting_representative',
  verified: undefined,
  ground: undefined,
  since: undefined,
  until: undefined,
};
const here = '/compte/organisations';
const request = {
  person: 'Maëlle Le Goff',
  email: 'm.legoff@gmail.com',
  message: 'Trésorière depuis mars.',
  askedAt: new Date('2026-11-20T09:00:00Z'),
  seen: 2,
  action: `${here}/demandes/6d8a5c1e-2d75-4b33-9a1c-0c6c8d8c7b22`,
  own: false,
  failed: false,
  reasons: [{ words: 'open_mailbox' }, { words: 'no_representative' }, { words: 'first_representative' }],
  history: [
    { at: new Date('2026-11-20T09:00:00Z'), words: 'ask' },
    { at: new Date('2026-11-20T09:00:00Z'), words: 'ask_representative' },
  ],
} as const;
const requests: Pages['joining/requests'] = {
  requests: [
    { ...waits, ...request },
    {
      ...{ ...active, ...request, id: active.id, reasons: [], external: true },
      history: [
        ...request.history,
        { at: new Date('2026-11-21T09:00:00Z'), words: 'prove', ground: 'representative' },
      ],
    },
  ],
  today: '2026-11-23',
  latest: '2027-11-23',
  backHref: here,
};
const way: Pages['joining/way'] = {
  name: 'Commune d’Exempleville',
  siret: '21440109300015',
  place: 'Exempleville (44)',
  kind: 'operator',
  reasons: [{ words: 'open_mailbox' }, { words: 'no_representative' }],
  email: 'm.legoff@gmail.com',
  action: `${here}/rejoindre/21440109300015`,
  proof: false,
  representative: false,
  operator: true,
  contacts: [],
  requestHref: '/demandes',
  listHref: here,
  searchHref: `${here}/rejoindre`,
};
const invite: Pages['joining/invite'] = {
  organizations: [{ id: '000000406', name: 'Association sportive fictive' }],
  selected: '000000406',
  email: 'karim@exemple.example',
  external: true,
  until: '2027-01-31',
  today: '2026-11-23',
  latest: '2027-11-23',
  open: [
    {
      email: 'lea@exemple.example',
      organization: 'Association sportive fictive',
      at: new Date('2026-11-20T09:00:00Z'),
      dropAction: `${here}/inviter/6d8a5c1e-2d75-4b33-9a1c-0c6c8d8c7b30/annuler`,
    },
  ],
  action: `${here}/inviter`,
  backHref: here,
};

export const joiningSamples: readonly Sample<JoiningPage>[] = [
  {
    name: 'joining-mine',
    page: 'joining/mine',
    model: {
      email: 'm.legoff@gmail.com',
      done: 'joined',
      againHref: '/entrer?vers=/compte/organisations&encore=1',
      named: [{ name: 'Commune d’Exempleville', siret: '21440109300015' }],
      memberships: [
        { ...active, leaveAction: `${here}/000000406/quitter` },
        {
          ...waits,
          cancelAction: `${here}/000000406/annuler`,
          operatorAction: `${here}/000000406/operateur`,
        },
        { ...waits, id: 'code', state: 'awaiting_code', codeHref: `${here}/rejoindre/21440109300015` },
        { ...waits, id: 'no', state: 'refused', reason: 'Nous ne vous connaissons pas.' },
      ],
      newHref: `${here}/rejoindre`,
      requestsHref: `${here}/demandes`,
      inviteHref: `${here}/inviter`,
      backHref: '/compte',
    },
  },
  {
    name: 'joining-mine-nobody',
    page: 'joining/mine',
    model: { named: [], memberships: [], signInHref: '/entrer', newHref: here, backHref: '/compte' },
  },
  {
    name: 'joining-search',
    page: 'joining/search',
    model: {
      query: 'comité des fêtes',
      commune: '',
      found: [
        {
          href: `${here}/rejoindre/00000040600009`,
          name: 'Comité des fêtes',
          type: 'association déclarée',
          place: 'Vannes (56)',
          active: true,
          siren: '000000406',
          createdOn: '2001-03-01',
        },
        {
          href: `${here}/rejoindre/W000000101`,
          name: 'Comité des fêtes',
          type: 'association déclarée',
          active: false,
          rna: 'W000000101',
        },
      ],
      more: true,
      communes: [{ name: 'Saint-Denis (93)', href: `${here}/rejoindre?q=x&commune=93066` }],
      action: `${here}/rejoindre`,
      backHref: here,
    },
  },
  {
    name: 'joining-search-error',
    page: 'joining/search',
    model: {
      query: '',
      commune: '',
      problem: 'empty',
      found: [],
      more: false,
      communes: [],
      action: `${here}/rejoindre`,
      backHref: here,
    },
  },
  { name: 'joining-way', page: 'joining/way', model: way },
  {
    name: 'joining-way-code',
    page: 'joining/way',
    model: {
      ...way,
      kind: 'official_code',
      contacts: [
        { key: 'Zm9vYmFyYmF6cXV4', masked: 'm•••@exempleville.example' },
        { key: 'cXV4YmF6YmFyZm9v', masked: 'a•••@exempleville.example' },
      ],
      sentTo: 'm•••@exempleville.example',
      codeAction: `${way.action}/code`,
      problem: 'wrong',
      resendAt: new Date('2026-11-23T09:10:00Z'),
    },
  },
  {
    name: 'joining-way-domain',
    page: 'joining/way',
    model: {
      ...way,
      kind: 'verified_domain',
      reasons: [],
      proof: true,
      operator: false,
      requestHref: undefined,
    },
  },
  { name: 'joining-requests', page: 'joining/requests', model: requests },
  {
    name: 'joining-requests-console',
    page: 'joining/requests',
    model: {
      ...requests,
      console: { sections: [{ words: 'todo', href: '/operateur', current: true }] },
      problem: 'reason',
      nextHref: '/operateur/rattachements?apres=own',
      requests: [
        { ...waits, ...request, state: 'awaiting_operator', failed: true },
        { ...waits, ...request, id: 'own', state: 'awaiting_operator', own: true },
      ],
    },
  },
  { name: 'joining-invite', page: 'joining/invite', model: { ...invite, done: 'invited' } },
  { name: 'joining-invite-error', page: 'joining/invite', model: { ...invite, problem: 'until_far' } },
  {
    name: 'joining-invitation',
    page: 'joining/invitation',
    model: {
      organization: 'Association sportive fictive',
      siret: '00000040600009',
      email: 'karim@exemple.example',
      until: '2027-01-31',
      external: true,
      action: `${here}/invitation`,
      backHref: here,
    },
  },
];
