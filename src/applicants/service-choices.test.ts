import { expect, test } from 'vitest';
import type { Service } from '../declarations/declarations.ts';
import { choose } from './service-choices.ts';

const service = (id: string): Service => ({
  id,
  name: { fr: id, en: id },
  description: { fr: id, en: id },
  url: `https://${id}.example/`,
  audience: { fr: id, en: id },
  decided_by: { name: { fr: id, en: id }, contact: `mailto:${id}@operateur.example` },
});
const services = ['docs', 'tchap', 'visio'].map(service);
const approval = (change: object = {}) => ({
  service: 'docs',
  status: 'active' as const,
  startsOn: '2026-01-01',
  endsOn: '2028-12-31',
  origin: 'configuration',
  ...change,
});
const about = { approvals: [approval()], files: [], file: 'D-1', renews: false, today: '2026-12-01' };
const free = (change: Partial<Parameters<typeof choose>[1]>) =>
  choose(services, { ...about, ...change }).free.map(({ id }) => id);

test('what is open is not asked for again, until ninety days before its end', () => {
  expect(free({})).toEqual(['tchap', 'visio']);
  expect(choose(services, about).others).toMatchObject([{ words: 'open', endsOn: '2028-12-31' }]);
  expect(free({ approvals: [approval({ endsOn: '2027-03-02' })] })).toEqual(['tchap', 'visio']);
  expect(free({ approvals: [approval({ endsOn: '2027-03-01' })] })).toEqual(['docs', 'tchap', 'visio']);
});

test('what a file obtained is renewed from that file, to its last day', () => {
  const obtained = (endsOn: string) => [approval({ origin: 'registration', endsOn })];
  expect(free({ approvals: obtained('2026-12-01') })).toEqual(['tchap', 'visio']);
  expect(free({ approvals: obtained('2026-11-30') })).toContain('docs');
  expect(free({ approvals: obtained('2026-12-01'), renews: true })).toContain('docs');
});

test.each([
  ['not begun', { startsOn: '2026-12-02' }],
  ['suspended', { status: 'suspended' as const }],
  ['over', { endsOn: '2026-11-30' }],
])('what is %s may be asked for', (_what, change) => {
  expect(free({ approvals: [approval(change)] })).toContain('docs');
});

test('a renewal asks for what is open', () => {
  expect(free({ renews: true })).toContain('docs');
});

test('what another file asks for is not asked twice; what was refused or withdrawn may be', () => {
  const request = { service: 'tchap', proposed: false, endsOn: undefined };
  const file = (id: string, state: 'submitted' | 'refused') => ({ id, requests: [{ ...request, state }] });
  expect(free({ files: [file('D-2', 'submitted')] })).toEqual(['visio']);
  expect(free({ files: [file('D-2', 'refused')] })).toEqual(['tchap', 'visio']);
  expect(free({ files: [file('D-1', 'submitted')] })).toEqual(['tchap', 'visio']);
});
