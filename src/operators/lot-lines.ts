import { reasonWords, waitsFor } from '../batches/batches.ts';
import type { Batch, Judged, KeptLine, OpenedBatch, Outcome, Verdict } from '../batches/batches.ts';
import type { LotLineShown } from '../http/http.ts';
import { placeOf } from '../register/register.ts';

/** What a line is, in one word of the locales: a verdict of the dry run, or what became of it. */
export type LineKind = Verdict | Outcome;

const order: readonly LineKind[] = [
  'wrong',
  'left_out',
  'failed',
  'kept',
  'asked',
  'new',
  'changed',
  'same',
  'done',
  'notified',
  'undone',
];
const tones: Readonly<Record<LineKind, LotLineShown['tone']>> = {
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
    href: id === undefined ? undefined : `${basePath}/operateur/organisations/${encodeURIComponent(id)}`,
    words: kind,
    tone: tones[kind],
    reason: reason === 'same' ? undefined : reasonWords(reason, aboutOf(judged ?? kept, serviceName), lang),
    changes: (judged?.changes ?? []).map(({ service, before, after }) => ({
      service: serviceName(service),
      before: before && { level: before.level, endsOn: before.endsOn },
      level: after.level,
      endsOn: after.endsOn,
    })),
    homonyms: judged?.homonyms ?? 0,
    email: judged?.email,
    letterHref: sends ? `${basePath}/operateur/lots/${batch.id}/lignes/${line}` : undefined,
    file:
      registration === undefined
        ? undefined
        : { id: registration, href: `${basePath}/operateur/dossiers/${registration}` },
  };
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
