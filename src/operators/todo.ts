import type { Context } from 'koa';
import { language } from '../http/http.ts';
import type { OperatorQueuePage } from '../http/http.ts';
import { readNumber } from '../registrations/registrations.ts';
import type {
  DeclaredEnding,
  FileSummary,
  QueueCounts,
  QueuePage,
  Viewer,
} from '../registrations/registrations.ts';
import type { SignedOperator } from './gate.ts';
import { queueDetails } from './queue-details.ts';
import { rowOf } from './queue-row.ts';
import { declaredRoutes, declaredWithin, soonDays } from './declared.ts';
import { waitingExceptions } from './exceptions.ts';
import { fileRoutes } from './file.ts';
import { joiningCount, joiningRoutes } from './joining.ts';
import { viewerOf as lotViewerOf } from './lot-route.ts';
import { queueAddress, sortWord } from './queue-address.ts';
import { queueKeys } from './queue-words.ts';
import { listForm, listPage, mount } from './route.ts';
import type { Asked, Route } from './route.ts';
import { fileHref, queryOf, queueHref, usualQuery } from './addresses.ts';
import { deleteView, saveView, savedViewSchema, savedViews } from './saved-views.ts';
import type { ConsoleNeeds, Section } from './section.ts';
import { versionsToRead } from './versions-to-read.ts';

export const viewerOf = ({ operator }: SignedOperator): Viewer => ({
  operatorId: operator.id,
  perimeter: operator.perimeter ?? {},
});

const serviceIds = ({ snapshot }: ConsoleNeeds): readonly string[] => [...snapshot().services.keys()];
const sentQuery = (ctx: Context): URLSearchParams => new URLSearchParams(ctx.querystring);

async function show({ ctx, me, needs }: Asked): Promise<void> {
  const given = sentQuery(ctx);
  const { query, words, filter } = queueAddress(given, serviceIds(needs));
  const viewer = viewerOf(me);
  const [counts, lots, exceptions, policies, declared, queue, views, joining] = await Promise.all([
    needs.registrations.counts(viewer),
    me.mayAnywhere('bulk.confirm') ? needs.batches.waiting(lotViewerOf({ me, needs })) : undefined,
    waitingExceptions({ me, needs }),
    versionsToRead({ me, needs }),
    declaredWithin({ me, needs }),
    needs.registrations.queue(filter, viewer),
    savedViews(needs.db, me.operator.id),
    joiningCount({ me, needs }),
  ]);
  const details = await queueDetails(
    needs.db,
    queue.files.map(({ id }) => id),
    viewer.perimeter,
  );
  const { basePath } = needs;
  const link = (more: Readonly<Record<string, string | undefined>>): string =>
    queueHref(basePath, query, {
      tri: filter.sort === undefined ? undefined : sortWord(filter.sort),
      ordre: filter.order === 'down' ? 'fin' : undefined,
      ...more,
    });
  const done = doneWords.find((word) => word === given.get('fait'));
  const current = queue.files.some(({ id }) => id === given.get('ligne'))
    ? given.get('ligne')
    : queue.files[0]?.id;
  const model: OperatorQueuePage = {
    console: needs.frame(me, 'todo'),
    counts: [...countsOf(counts, { lots, exceptions, policies, declared }, basePath), ...joining],
    targetDays: queue.targetDays,
    query,
    usual: query === usualQuery,
    problems: words.problems,
    keys: queueKeys,
    total: queue.total,
    page: queue.page,
    pages: queue.pages,
    previousHref: queue.page > 1 ? link({ page: String(queue.page - 1) }) : undefined,
    nextHref: queue.page < queue.pages ? link({ page: String(queue.page + 1) }) : undefined,
    columns: columnsOf(queue, link),
    rows: queue.files.map((file) =>
      rowOf(file, details.get(file.id), {
        me,
        needs,
        query,
        queue,
        current: file.id === current,
        lang: language(ctx),
      }),
    ),
    views: views.map((view) => ({
      name: view.name,
      href: queueHref(basePath, view.query),
      current: view.query === query,
    })),
    actions: {
      filter: `${basePath}/operateur`,
      saveView: `${basePath}/operateur/vues`,
      deleteView: `${basePath}/operateur/vues/supprimer`,
    },
    done,
  };
  needs.http.renderPage(ctx, 'operator-queue', model, {
    formsStayHere: true,
    status: words.problems.length > 0 ? 422 : 200,
  });
}

const doneWords = [
  'view_saved',
  'view_deleted',
  'views_full',
  'view_unnamed',
  'taken',
  'released',
  'nothing_left',
] as const;

/** @param waiting for this person; undefined for whoever confirms none */
function countsOf(
  counts: QueueCounts,
  {
    lots,
    exceptions,
    policies,
    declared,
  }: {
    readonly lots: number | undefined;
    readonly exceptions: number | undefined;
    readonly policies: number | undefined;
    readonly declared: readonly DeclaredEnding[];
  },
  basePath: string,
): OperatorQueuePage['counts'] {
  const entry = (words: keyof QueueCounts, query: string) => ({
    words,
    count: counts[words],
    href: queueHref(basePath, query),
    late: words === 'overdue' && counts.overdue > 0,
  });
  return [
    entry('toDecide', 'etape:examen -etat:attente'),
    entry('waiting', 'etat:attente'),
    entry('overdue', 'retard:oui'),
    entry('beyondTarget', 'objectif:depasse'),
    entry('mine', 'suivi:moi etape:examen'),
    entry('expiring', 'expire:oui'),
    entry('proposed', 'accord:oui'),
    entry('toReview', 'revoir:oui'),
    entry('toPost', 'poster:oui'),
    ...(lots === undefined
      ? []
      : [{ words: 'lots' as const, count: lots, href: `${basePath}/operateur/lots`, late: false }]),
    ...(exceptions === undefined
      ? []
      : [
          {
            words: 'exceptions' as const,
            count: exceptions,
            href: `${basePath}/operateur/exceptions`,
            late: false,
          },
        ]),
    ...(policies === undefined
      ? []
      : [
          {
            words: 'policies' as const,
            count: policies,
            href: `${basePath}/operateur/services`,
            late: false,
          },
        ]),
    ...(declared.length === 0
      ? []
      : [
          {
            words: 'declared' as const,
            count: declared.length,
            href: `${basePath}/operateur/declares`,
            late: declared.some(({ daysLeft }) => daysLeft <= soonDays),
          },
        ]),
  ];
}

function columnsOf(
  { filter }: QueuePage,
  link: (more: Record<string, string | undefined>) => string,
): OperatorQueuePage['columns'] {
  const sortable = (words: 'due' | 'name') => {
    const sorted = filter.sort === words;
    const up = sorted && filter.order === 'up';
    return {
      words,
      sortHref: link({ tri: sortWord(words), ordre: up ? 'fin' : undefined }),
      sorted: sorted ? (up ? ('ascending' as const) : ('descending' as const)) : undefined,
    };
  };
  return [
    sortable('due'),
    sortable('name'),
    { words: 'asked' },
    { words: 'evidence' },
    { words: 'taken' },
    { words: 'state' },
  ];
}

/** Pages of a filter that are looked through for the next file. */
const mostPages = 8;

/**
 * The next file of the same filter, after the one that was worked on: neither one that was just passed over, nor one that
 * somebody else has in hand.
 */
async function next({ ctx, me, needs }: Asked): Promise<void> {
  const given = sentQuery(ctx);
  const { query, filter } = queueAddress(given, serviceIds(needs));
  const after = readNumber(given.get('apres') ?? '');
  const { id: operatorId } = me.operator;
  const passed = new Set(await needs.passedOver.add(operatorId, after));
  const files: FileSummary[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const queue = await needs.registrations.queue({ ...filter, page }, viewerOf(me));
    files.push(...queue.files);
    if (page >= queue.pages) break;
  }
  const isFree = ({ id, takenBy }: FileSummary) =>
    !passed.has(id) && (takenBy === undefined || takenBy === operatorId);
  const here = files.findIndex(({ id }) => id === after);
  const found = files.slice(here + 1).find(isFree) ?? files.find(isFree);
  ctx.status = 303;
  ctx.redirect(
    found === undefined
      ? queueHref(needs.basePath, query, { fait: 'nothing_left' })
      : fileHref(needs.basePath, found.id, query),
  );
}

async function keepView({ ctx, me, needs, form }: Asked): Promise<void> {
  const read = savedViewSchema.safeParse({ name: form.get('nom') ?? '', query: form.get('q') ?? '' });
  const query = queryOf(form);
  const kept =
    read.success &&
    (await saveView(needs.db, { operatorId: me.operator.id, ...read.data, at: needs.clock() }));
  ctx.status = 303;
  ctx.redirect(
    queueHref(needs.basePath, query, {
      fait: kept ? 'view_saved' : read.success ? 'views_full' : 'view_unnamed',
    }),
  );
}

async function dropView({ ctx, me, needs, form }: Asked): Promise<void> {
  await deleteView(needs.db, me.operator.id, form.get('nom') ?? '');
  ctx.status = 303;
  ctx.redirect(queueHref(needs.basePath, queryOf(form), { fait: 'view_deleted' }));
}

const formPage = (): string => '/operateur';
export const todoRoutes: readonly Route[] = [
  ...declaredRoutes,
  listPage({ path: '/operateur/suivant', action: 'queue.read', answer: next }),
  listForm({ path: '/operateur/vues', action: 'queue.read', formPage, answer: keepView }),
  listForm({ path: '/operateur/vues/supprimer', action: 'queue.read', formPage, answer: dropView }),
];

/** `/operateur`: what there is to do. Whoever has no queue to work on begins where they may. */
export const todo: Section = {
  name: 'todo',
  path: '/operateur',
  action: 'queue.read',
  routes(router, needs) {
    router.get(
      '/operateur',
      needs.gate.page(async (ctx, me, kept) => {
        if (me.mayAnywhere('queue.read')) {
          await show({ ctx, me, needs, form: kept ?? new URLSearchParams() });
          return;
        }
        const { sections } = needs.frame(me, 'me');
        // What waits for whoever writes rules is told among the rules.
        const writes = me.mayAnywhere('policy.publish');
        const first = sections.find(({ words }) => !writes || words === 'policies');
        ctx.status = 303;
        ctx.redirect(first?.href ?? `${needs.basePath}/operateur/moi`);
      }),
    );
    mount(router, needs, [...todoRoutes, ...fileRoutes, ...joiningRoutes]);
  },
};
