import type { ExceptionEffect, OperatorExceptionPages } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';
import { closedDecision, frame, openDecision } from './policy-samples.ts';

/** Exceptions to the register: those that wait, one of them, and the form that proposes one. */
const organizationHref = '/operateur/organisations/000000109';
const here = '/operateur/exceptions/x';
const line = {
  href: here,
  organization: 'AMD-FICTIF, association des maires du département fictif',
  fact: 'service-public',
  act: 'correct',
  by: 'Hélène Marchand',
  createdAt: new Date('2026-11-21T09:00:00Z'),
} as const;
const insee = { label: 'INSEE, base Sirene', asOf: '2026-11-01' };
const effect: ExceptionEffect = {
  services: [
    { name: 'Docs', verdict: 'gains', decision: openDecision },
    {
      name: 'Tchap',
      verdict: 'changes',
      before: { ...openDecision, summary: 'Accès ouvert comme invité, par une règle.' },
      decision: openDecision,
    },
  ],
  unchanged: 4,
};
const closing: ExceptionEffect = {
  services: [{ name: 'Docs', verdict: 'loses', decision: closedDecision }],
  unchanged: 5,
  impact: { people: 12, sessions: 9, grants: 14, tools: ['Docs', 'Tchap'] },
};
const asked: OperatorExceptionPages['operator-exception'] = {
  console: frame('organizations'),
  listHref: '/operateur/exceptions',
  organizationHref,
  organization: line.organization,
  done: true,
  act: 'correct',
  fact: 'service-public',
  status: 'proposed',
  by: line.by,
  createdAt: line.createdAt,
  reason: 'Établissement public local, arrêté du 3 novembre 2026.',
  onServer: false,
  before: { values: [{ t: 'op.fact.notPublicService' }], source: insee },
  after: { values: [{ t: 'op.fact.publicService' }, { t: 'exceptions.facet.local' }] },
  stale: false,
  authorGone: false,
  effect,
  nobodyCan: false,
  seen: 'a'.repeat(64),
  actions: { confirm: `${here}/confirmer`, decline: `${here}/decliner` },
  declined: { reason: '', missing: false },
};
const form: OperatorExceptionPages['operator-exception-form'] = {
  console: frame('organizations'),
  backHref: organizationHref,
  organization: line.organization,
  act: 'correct',
  fact: 'service-public',
  before: asked.before,
  action: `${organizationHref}/corriger/service-public`,
  nobodyCan: false,
  atOnce: false,
  stale: false,
  types: [],
  typed: { value: '', facets: ['local'], reason: '' },
  errors: ['valeur', 'motif'],
};

export const exceptionSamples: readonly Sample[] = [
  {
    name: 'operator-exceptions',
    page: 'operator-exceptions',
    model: {
      console: frame('organizations'),
      done: 'declined',
      proposals: [
        { ...line, mine: true },
        { ...line, act: 'end', fact: 'population', mine: false },
      ],
    },
  },
  { name: 'operator-exception', page: 'operator-exception', model: asked },
  {
    name: 'operator-exception-end',
    page: 'operator-exception',
    model: {
      ...asked,
      done: false,
      act: 'end',
      fact: 'etat',
      onServer: true,
      before: {
        values: [{ t: 'op.fact.active' }],
        source: { label: 'Correction d’un opérateur', asOf: '2026-11-20' },
      },
      after: { values: [{ t: 'op.fact.asRegistersSay' }] },
      authorGone: true,
      stale: true,
      effect: closing,
      actions: { decline: `${here}/decliner`, withdraw: `${here}/reprendre` },
      declined: { reason: 'x', missing: true },
      state: 'second',
    },
  },
  {
    name: 'operator-exception-declined',
    page: 'operator-exception',
    model: {
      ...asked,
      done: false,
      status: 'declined',
      second: 'Olivier Garnier',
      updatedAt: new Date('2026-11-22T09:00:00Z'),
      answered: 'L’arrêté ne nomme pas cette association.',
      effect: undefined,
      nobodyCan: true,
      actions: {},
      state: 'own',
    },
  },
  { name: 'operator-exception-form', page: 'operator-exception-form', model: form },
  {
    name: 'operator-exception-form-type',
    page: 'operator-exception-form',
    model: {
      ...form,
      fact: 'type',
      before: { values: ['association déclarée'], source: insee },
      types: [
        { value: 'association.declared', label: 'association déclarée' },
        { value: 'local_authority.commune', label: 'commune' },
      ],
      typed: { value: 'local_authority.commune', facets: [], reason: 'Arrêté du 3 novembre.' },
      errors: [],
    },
  },
  {
    name: 'operator-exception-form-population',
    page: 'operator-exception-form',
    model: {
      ...form,
      fact: 'population',
      before: { values: ['3500'], source: { label: 'INSEE', asOf: '2023' } },
      typed: { value: 'trois mille', facets: [], reason: '' },
    },
  },
  {
    name: 'operator-exception-form-end',
    page: 'operator-exception-form',
    model: {
      ...form,
      act: 'end',
      effect: closing,
      atOnce: true,
      seen: 'a'.repeat(64),
      stale: true,
      typed: { value: '', facets: [], reason: 'L’arrêté est retiré.' },
      errors: [],
    },
  },
];
