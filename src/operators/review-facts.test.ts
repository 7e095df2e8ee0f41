import { describe, expect, it } from 'vitest';
import type { Opened, RegisterFinding } from '../registrations/registrations.ts';
import { operatorCalled } from '../registrations/testing/room.ts';
import { findingsSaid, reviewFacts } from './review-facts.ts';

const finding = (
  reason: RegisterFinding['reason'],
  detail: string,
  more: Partial<RegisterFinding> = {},
): RegisterFinding => ({
  service: 'docs',
  reason,
  detail,
  foundAt: new Date('2026-11-01T09:00:00Z'),
  seen: false,
  ...more,
});
const fileWith = (events: Opened['file']['events']): Opened['file'] => ({
  id: 'D-26-7K3QXWPB',
  version: events.length,
  requests: [],
  pauses: [],
  events,
});

describe('what has moved in the register', () => {
  it.each([
    ['renamed', 'Amicale → Amicale <b>', 'Amicale → Amicale <b>'],
    ['renamed', 'Amicale → Entente ; AMICALE → ENTENTE', 'Amicale → Entente ; AMICALE → ENTENTE'],
    ['rna_changed', 'W561000001 → none', { t: 'op.review.detail.gone', after: 'W561000001' }],
    ['type_changed', 'association.declared → unknown', 'association déclarée → type d’organisation inconnu'],
    ['public_service_changed', 'public service → not public service', { t: 'op.review.detail.publicLost' }],
    ['public_service_changed', 'not public service → public service', { t: 'op.review.detail.publicGained' }],
    [
      'sources_disagree',
      'rna_disagreement, rna_shared',
      'les sources donnent des numéros d’association différents ; plusieurs associations portent le même numéro d’association',
    ],
    ['merged', 'replaced by 000000299', { t: 'op.review.detail.successor', after: '000000299' }],
    [
      'dissolved',
      'declared dissolved on 2026-10-02',
      { t: 'op.review.detail.dissolved', date: '2026-10-02' },
    ],
    ['facts_outdated', 'nothing newer than 2026-01-01', { t: 'op.review.detail.newest', date: '2026-01-01' }],
    ['unit_closed', 'the legal unit has ceased', undefined],
    ['head_office_closed', 'its head office is closed, another establishment is open', undefined],
    [
      'sources_disagree',
      'unit_state_disagreement',
      'selon certaines sources l’organisation est active, selon d’autres elle a cessé d’exister',
    ],
  ] as const)('%s, %s', (reason, detail, expected) => {
    expect(reviewFacts({ file: fileWith([]), findings: [finding(reason, detail)] }, 'fr')).toEqual([
      { words: reason, since: '2026-11-01', detail: expected, seen: undefined },
    ]);
  });

  it('is said once for several services, what nobody has seen first, and by whom the rest was seen', () => {
    const actor = operatorCalled('Lefort');
    const at = new Date('2026-11-05T09:00:00Z');
    const file = fileWith([
      {
        seq: 1,
        at,
        actor,
        act: {
          act: 'see_changes',
          text: 'x',
          findings: [{ service: 'docs', reason: 'sources_disagree', detail: 'rna_disagreement, rna_shared' }],
        },
      },
    ]);
    const later = new Date('2026-11-20T09:00:00Z');
    const findings = [
      // Fewer doubts than were seen.
      finding('sources_disagree', 'rna_shared', { seen: true }),
      finding('renamed', 'A → B', { foundAt: later }),
      finding('renamed', 'A → B', { foundAt: later, service: 'tchap' }),
    ];
    expect(reviewFacts({ file, findings }, 'fr')).toMatchObject([
      { words: 'renamed', since: '2026-11-20', seen: undefined },
      { words: 'sources_disagree', seen: { at, by: 'Dominique Lefort' } },
    ]);
    expect(findingsSaid(findings.slice(1), 'fr')).toEqual([{ t: 'op.review.renamed' }, 'A → B']);
  });
});
