import type { KnownFact, OperatorEvidence, Said } from '../http/http.ts';
import { dataQualityLabel, departmentByCode, organizationTypeLabel } from '../organizations/organizations.ts';
import type { FactName } from '../organizations/organizations.ts';
import { examined } from '../registrations/registrations.ts';
import type { EvidenceKind, FileSummary, Opened, Similar } from '../registrations/registrations.ts';
import { isGiven, personName, sourceOf, tag } from './file-words.ts';
import { expectedOf } from './queue-details.ts';
import type { ConsoleNeeds } from './section.ts';

type Lang = 'fr' | 'en';

const cut = (number: string): string => number.replace(/^(\d{3})(\d{3})(\d{3})$/u, '$1\u00a0$2\u00a0$3');

/** What the registers say of the organization, each with its source and date. */
export function registerFacts(
  { organization, held }: Pick<Opened, 'organization' | 'held'>,
  lang: Lang,
): readonly KnownFact[] {
  if (organization === undefined) {
    return [
      {
        words: 'unknown',
        values: [held.organizationName ?? '', held.organization ?? ''].filter((value) => value !== ''),
      },
    ];
  }
  const { origins, siren, rna, type, active, communeName, department, createdOn } = organization;
  const from = (fact: FactName) => sourceOf(origins[fact], organization);
  const place = department === undefined ? undefined : (departmentByCode(department)?.name ?? department);
  return [
    {
      words: 'identity',
      values: [
        ...(siren === undefined ? [] : [`SIREN ${cut(siren)}`]),
        ...(rna === undefined ? [] : [`RNA ${rna}`]),
        ...(siren === undefined && rna === undefined ? [organization.id] : []),
      ],
      source: from('name'),
    },
    {
      words: 'type',
      values: [capital(organizationTypeLabel(type, lang))],
      source: from('legalCategory'),
    },
    {
      words: 'state',
      values: [],
      tag: active ? tag('yes', 'op.fact.active') : tag('no', 'op.fact.ceased'),
      source: from('unitState'),
    },
    ...(communeName === undefined
      ? []
      : [
          {
            words: 'place',
            values: [place === undefined ? communeName : `${communeName}, ${place}`],
            source: from('commune'),
          },
        ]),
    ...(createdOn === undefined
      ? []
      : [{ words: 'createdOn', values: [createdOn], source: from('createdOn') }]),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Why somebody should look twice. */
export const registerDoubts = (
  { organization }: Pick<Opened, 'organization'>,
  lang: Lang,
): readonly string[] =>
  (organization?.flags ?? []).map((flag) => `${capital(dataQualityLabel(flag, lang))}.`);

/** It has a SIREN, and what the file opens waits: another right stands under that SIREN. */
export const waitingForAnother = ({
  organization,
  held,
}: Pick<Opened, 'organization' | 'held'>): readonly Said[] =>
  organization?.siren !== undefined && held.siren === undefined ? [{ t: 'op.fact.waitsForAnother' }] : [];

/** What the organization says of itself, which no register confirms. */
export function declaredFacts({ content }: Opened): readonly KnownFact[] {
  const { acting, purpose, dataProtection, security, domains, ground, agreement, publicShare, notes } =
    content;
  const declared = (name: string, values: readonly Said[]): readonly KnownFact[] => {
    const said = values.filter((value) => typeof value !== 'string' || value.trim() !== '');
    return said.length === 0 ? [] : [{ words: name, values: said, source: 'declared' }];
  };
  return [
    ...declared('capacity', [acting.capacity]),
    ...declared('mandateUntil', [acting.mandateUntil]),
    ...declared('purpose', [purpose]),
    ...declared('ground', ground === undefined ? [] : [{ t: `op.option.fondement.${ground}` }]),
    ...declared('agreement', [
      agreement.reference,
      [agreement.startsOn, agreement.endsOn].filter((day) => day !== '').join(' – '),
    ]),
    ...declared('publicShare', publicShare === '' ? [] : [`${publicShare} %`]),
    ...declared('dataProtection', [dataProtection.name, dataProtection.email, dataProtection.phone]),
    ...declared('security', [security.name, security.email, security.phone]),
    ...declared('domains', domains),
    ...declared('notes', [notes]),
  ];
}

/** Equal cases are to be decided alike: other files, other approvals, other organizations of that name. */
export function besideFacts(
  similar: Similar,
  { basePath }: Pick<ConsoleNeeds, 'basePath'>,
  service: (id: string) => string,
): readonly KnownFact[] {
  const fileLink = (file: FileSummary) => ({
    href: `${basePath}/operateur/dossiers/${file.id}`,
    words: file.organizationName ?? file.id,
    more: file.requests.map((request) => ({
      label: service(request.service),
      t: `op.state.${request.state}`,
    })),
  });
  const duplicates = new Set(similar.duplicates.map(({ id }) => id));
  const list = (name: string, files: readonly FileSummary[]): readonly KnownFact[] =>
    files.length === 0 ? [] : [{ words: name, values: [], links: files.map(fileLink) }];
  return [
    ...list('duplicates', similar.duplicates),
    ...list('otherFiles', similar.files.filter(({ id }) => !duplicates.has(id)).slice(0, 10)),
    ...(similar.approvals.length === 0
      ? []
      : [
          {
            words: 'approvals',
            values: similar.approvals.map((one) => ({
              label: service(one.service),
              t: `op.approvalStatus.${one.status}`,
              // Of what was not given, the row has days that mean nothing.
              ...(isGiven(one) ? { date: one.endsOn } : {}),
            })),
          },
        ]),
    ...list('comparable', similar.comparable),
    ...(similar.homonyms.length === 0
      ? []
      : [
          {
            words: 'homonyms',
            values: [],
            links: similar.homonyms.map(({ id, name, active }) => ({
              href: `${basePath}/operateur/organisations/${encodeURIComponent(id)}`,
              words: name,
              more: active ? [id] : [id, { t: 'op.fact.ceased' }],
            })),
          },
        ]),
  ];
}

/** Pieces, each with the last verdict on it. */
export function evidenceShown(
  { file, evidence }: Opened,
  hrefOf: ((id: string) => string) | undefined,
): readonly OperatorEvidence[] {
  return evidence.map((piece) => {
    const checked = file.events.findLast(
      ({ act }) => act.act === 'check_evidence' && act.evidence === piece.id,
    );
    const verdict =
      checked?.act.act === 'check_evidence' && checked.actor.kind === 'operator'
        ? {
            accepted: checked.act.verdict === 'accepted',
            by: personName(checked.actor),
            text: checked.act.text,
          }
        : undefined;
    return {
      id: piece.id,
      kind: piece.kind,
      name: piece.name,
      size: Math.max(1, Math.round(piece.size / 1000)),
      sha256: piece.sha256,
      receivedAt: piece.uploadedAt,
      destroyedAt: piece.destroyedAt,
      href: piece.destroyedAt === undefined ? hrefOf?.(piece.id) : undefined,
      verdict,
    };
  });
}

/** Of an association that is examined, the kinds that nobody has sent and that no register tells. */
export function missingKinds({ file, evidence, organization }: Opened): readonly EvidenceKind[] {
  const isOpen = file.requests.some(({ state }) => examined.some((one) => one === state));
  if (!isOpen || organization?.type.startsWith('association') !== true) return [];
  const held = new Set(evidence.map(({ kind }) => kind));
  return expectedOf({ hasRna: organization.rna !== undefined }).filter((kind) => !held.has(kind));
}
