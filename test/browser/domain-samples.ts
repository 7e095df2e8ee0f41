import type { OwnDomainShown, OwnDomainsPage } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';
import { frame } from './policy-samples.ts';

/** Domains of an organization, and of all of them in the console. */
const here = '/compte/organisations/000000109/domaines';
const at = (day: number) => new Date(Date.UTC(2026, 10, day, 9));

const claimed: OwnDomainShown = {
  id: 'a',
  name: 'amd-fictif.example',
  withSubdomains: true,
  state: 'claimed',
  record: {
    host: '_maillon-verification.amd-fictif.example',
    value: 'maillon-verification=Zm9vYmFyYmF6cXV4MTIzNA',
    action: `${here}/a/verifier`,
  },
  mailbox: {
    address: 'contact@amd-fictif.example',
    sendAction: `${here}/a/envoyer-code`,
    action: `${here}/a/code`,
  },
  giveUp: { action: `${here}/a/renoncer`, seen: '3' },
};
const contested: OwnDomainShown = {
  ...claimed,
  id: 'b',
  state: 'verified',
  kind: 'dns_txt',
  since: at(2),
  lastAt: at(21),
  startedAt: at(20),
  mailbox: undefined,
  handover: { until: at(28), objected: false, action: `${here}/b/opposer` },
};
const page: OwnDomainsPage = {
  organization: 'Association départementale des maires fictive',
  backHref: '/membres/000000109',
  done: 'none',
  domains: [
    claimed,
    contested,
    {
      id: 'c',
      name: 'xn--march-fsa.example',
      withSubdomains: false,
      state: 'proven',
      giveUp: { action: `${here}/c/renoncer`, seen: '1' },
      handover: { until: at(28), objected: false },
    },
    { id: 'd', name: 'ancien.example', withSubdomains: false, state: 'given_up' },
  ],
  action: here,
  typed: { name: '', below: false, reason: '' },
};
const list = '/operateur/domaines-verifies';
const organizationHref = '/operateur/organisations/000000109';

export const domainSamples: readonly Sample[] = [
  { name: 'domains-list', page: 'domains/list', model: page },
  {
    name: 'domains-none',
    page: 'domains/list',
    model: { ...page, done: 'given_up', domains: [] },
  },
  {
    name: 'domains-refused',
    page: 'domains/list',
    model: {
      ...page,
      done: undefined,
      domains: [],
      typed: { name: 'asso.fr', below: true, reason: '' },
      problem: 'public_suffix',
    },
  },
  {
    name: 'domains-no-reason',
    page: 'domains/list',
    model: { ...page, done: undefined, problem: 'reason_long', problemOf: 'b' },
  },
  {
    name: 'operator-domains',
    page: 'operator-domains',
    model: {
      console: frame('organizations'),
      done: 'first',
      handovers: [
        {
          name: 'amd-fictif.example',
          from: 'Association fictive',
          into: 'Commune fictive',
          href: `${list}/x`,
          askedAt: at(21),
          until: at(28),
          mine: true,
        },
      ],
      domains: [
        {
          name: 'amd-fictif.example',
          withSubdomains: true,
          organization: 'Association fictive',
          organizationHref,
          state: 'verified',
          kind: 'official_code',
          since: at(2),
          lastAt: at(21),
          startedAt: at(20),
          failures: 2,
        },
      ],
      more: true,
    },
  },
  {
    name: 'operator-domains-none',
    page: 'operator-domains',
    model: { console: frame('organizations'), handovers: [], domains: [], more: false },
  },
  {
    name: 'operator-handover',
    page: 'operator-handover',
    model: {
      console: frame('organizations'),
      listHref: list,
      name: 'amd-fictif.example',
      from: { name: 'Association fictive', href: organizationHref },
      into: { name: 'Commune fictive', href: '/operateur/organisations/214401093' },
      status: 'open',
      kind: 'dns_txt',
      askedAt: at(14),
      until: at(21),
      objection: 'Nous utilisons ce nom depuis dix ans.',
      first: { by: 'Hélène Marchand', reason: 'Acte de cession du 3 novembre.' },
      confirmAction: `${list}/x/confirmer`,
      dropAction: `${list}/x/refuser`,
      typed: { reason: '', missing: true },
    },
  },
  {
    name: 'operator-handover-early',
    page: 'operator-handover',
    model: {
      console: frame('organizations'),
      listHref: list,
      name: 'amd-fictif.example',
      from: { name: 'Association fictive', href: organizationHref },
      into: { name: 'Commune fictive', href: '/operateur/organisations/214401093' },
      status: 'open',
      askedAt: at(20),
      until: at(27),
      dropAction: `${list}/x/refuser`,
      typed: { reason: '', missing: false },
      state: 'early',
    },
  },
];
