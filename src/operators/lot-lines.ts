import { cellWords, reasonWords, stayWords, waitsFor } from '../batches/batches.ts';
import type { Batch, Judged, KeptLine, OpenedBatch, Outcome, Verdict } from '../batches/batches.ts';
import type { LotLineShown } from '../http/http.ts';
import { legalCategory } from '../organizations/organizations.ts';
import { placeOf } from '../register/register.ts';

/** What a line is, in one word of the locales: a verdict of the dry run, or what became of it. */
export type LineKind = Verdict | Outcome;

const order: readonly LineKind[] = [
  'wrong',
  'left_out',
  'failed',
  'kept',
  'asked',
  'new_organization',
  'new',
  'changed',
  'same',
  'done',
  'notified',
  'undone',
];
const tones: Readonly<Record<LineKind, LotLineShown['tone']>> = {
  new_organization: 'wait',
  new: 'yes',
  changed: 'wait',
  same: 'plain',
  wrong: 'no',
  asked: 'plain',
  left_out: 'no',
  done: 'yes',
  failed: 'no',
  notified: 'wait',
  undone: 'plain',
  kept: 'no',
};

/** One line, whichever way it was read. */
interface OneLine {
  readonly kind: LineKind;
  readonly line: number;
  readonly judged?: Judged;
  readonly kept?: KeptLine;
}

/** Every line of a lot, in the order of its list. */
export function linesOf({ run, lines }: OpenedBatch): readonly OneLine[] {
  const kept = (run?.leftOut ?? lines).map((one): OneLine => {
    const isSame = one.outcome === 'left_out' && one.reason === 'same';
    return { kind: isSame ? 'same' : (one.outcome ?? 'left_out'), line: one.line, kept: one };
  });
  const judged = (run?.judged ?? []).map((one): OneLine => ({
    kind: one.verdict,
    line: one.line,
    judged: one,
  }));
  return [...judged, ...kept].toSorted((a, b) => a.line - b.line);
}

/** How many of each kind there are, what needs somebody first. */
export const kindsOf = (lines: readonly OneLine[]): readonly { kind: LineKind; count: number }[] =>
  order
    .map((kind) => ({ kind, count: lines.filter((one) => one.kind === kind).length }))
    .filter(({ count }) => count > 0);

export interface Showing {
  readonly basePath: string;
  readonly batch: Batch;
  readonly lang: 'fr' | 'en';
  readonly serviceName: (id: string) => string;
}

export function lineShown({ kind, line, judged, kept }: OneLine, showing: Showing): LotLineShown {
  const { basePath, batch, lang, serviceName } = showing;
  const sends =
    (judged !== undefined && judged.changes.length > 0) ||
    (kept !== undefined && waitsFor(batch, kept) !== undefined);
  const cells = judged?.cells ?? kept?.cells;
  const organization = judged?.organization;
  const id = organization?.id ?? kept?.organization;
  const place = organization && placeOf(organization);
  const { registration } = kept ?? {};
  const typed = cells?.name ?? '';
  const reason = judged?.reason ?? kept?.reason;
  return {
    line,
    identifier: cells?.identifier ?? '',
    name: organization?.name ?? kept?.name ?? typed,
    about: [place, organization?.acronym].filter((one) => one !== undefined),
    // What is not in the register yet, or no more, has no page there.
    href:
      id === undefined || judged?.newcomer !== undefined || isAway(kept)
        ? undefined
        : `${basePath}/operateur/organisations/${encodeURIComponent(id)}`,
    words: kind,
    tone: tones[kind],
    reason: reason === 'same' ? undefined : reasonWords(reason, aboutOf(judged ?? kept, serviceName), lang),
    changes: (judged?.changes ?? []).map(({ service, before, after }) => ({
      service: serviceName(service),
      before: before && { level: before.level, endsOn: before.endsOn },
      level: after.level,
      endsOn: after.endsOn,
    })),
    facts: Object.entries((judged?.verdict === 'new_organization' && judged.newcomer?.cells) || {})
      .filter(([column]) => !impliedColumns.includes(column))
      .map(([column, value]) => ({ words: column, value, means: meaningOf(column, value, judged) })),
    differs: (judged?.differs ?? []).map(({ column, typed: written, held }) => ({
      words: column,
      typed: written,
      held,
    })),
    unread: (judged?.unread ?? []).map((problem) => cellWords(problem, lang)),
    entry: entryOf(kept, lang),
    homonyms: judged?.homonyms ?? 0,
    email: judged?.email,
    letterHref: sends ? `${basePath}/operateur/lots/${batch.id}/lignes/${line}` : undefined,
    file:
      registration === undefined
        ? undefined
        : { id: registration, href: `${basePath}/operateur/dossiers/${registration}` },
  };
}

const isAway = (kept: KeptLine | undefined): boolean =>
  kept?.entry === 'withdrawn' || (kept?.entry === 'asked' && kept.outcome !== 'done');

/** What is the same of every organization that enters: it has a name, and a head office that is open. */
const impliedColumns: readonly string[] = ['name', 'siren', 'state', 'head_office', 'establishment_state'];

/** A code, in words. */
function meaningOf(column: string, value: string, judged: Judged | undefined): string | undefined {
  if (column === 'legal_category') return legalCategory(value).label;
  return column === 'commune' ? judged?.organization?.communeName : undefined;
}

/** What became of the organization in the register; nothing of a line that was left out. */
function entryOf(kept: KeptLine | undefined, lang: 'fr' | 'en'): LotLineShown['entry'] {
  const { entry, outcome } = kept ?? {};
  if (entry === undefined || (entry === 'asked' && outcome !== 'asked')) return undefined;
  return { words: entry, why: entry === 'kept' ? stayWords(kept?.entryAbout, lang) : undefined };
}

const byService: readonly (string | undefined)[] = [
  'suspended_before',
  'refused_before',
  'held_by_configuration',
  'less_than_held',
];

/** Services are named by their name. */
const aboutOf = (
  line: { readonly reason?: string | undefined; readonly about?: string | undefined } | undefined,
  serviceName: (id: string) => string,
): string | undefined =>
  line?.about !== undefined && byService.includes(line.reason) ? serviceName(line.about) : line?.about;

const toMend: readonly LineKind[] = ['wrong', 'left_out', 'failed'];

/** What goes into the file to mend and to send again, with why. */
export const rejectsOf = (opened: OpenedBatch, showing: Showing) =>
  linesOf(opened).flatMap((one) => {
    const cells = one.judged?.cells ?? one.kept?.cells;
    if (cells === undefined || !toMend.includes(one.kind)) return [];
    return [{ line: one.line, cells, why: lineShown(one, { ...showing, lang: 'fr' }).reason ?? '' }];
  });
