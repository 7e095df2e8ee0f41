import type { Context, Middleware } from 'koa';
import type { Clock } from '../config/config.ts';
import type { Operator, Snapshot } from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm, stopReading } from '../http/http.ts';
import type { Http, Upload } from '../http/http.ts';
import type { Visitor, Visitors } from '../visitor/visitor.ts';
import { actorOf } from './actor.ts';
import type { ActingOperator } from './actor.ts';
import type { KeptForms } from './kept-form.ts';
import { operatorOf } from './operator-of.ts';
import { isInPerimeter } from './perimeter.ts';
import type { Target } from './perimeter.ts';
import { delegationOn, may, mayAnywhere } from './roles.ts';
import type { Action } from './roles.ts';

/** Seconds since the person authenticated: to be in the console at all, and for what commits the administration. */
const longestSession = 12 * 3600;
const recentEnough = 15 * 60;

/** The query parameter that names what somebody wrote before signing in again. */
const keptParameter = 'reprise';

/** An operator at work, as of this request. */
export interface SignedOperator {
  readonly operator: Operator;
  readonly visitor: Visitor;
  /** Author of what is done now. */
  readonly actor: ActingOperator;
  /** Civil day in Paris. */
  readonly today: string;
  /** Whether this may be done to that; undefined for what lies nowhere. */
  may(action: Action, target: Target | undefined): boolean;
  /** Whether it may be done to something at least: what menus show. */
  mayAnywhere(action: Action): boolean;
  /** @throws BrokerError M-FILE-001 out of the perimeter (it does not exist), M-FILE-006 beyond the roles */
  assert(action: Action, target?: Target): void;
}

type PageHandler = (
  ctx: Context,
  me: SignedOperator,
  /** What the person had written in the form of this page before signing in again. */
  kept: URLSearchParams | undefined,
) => Promise<void>;
type ActHandler = (ctx: Context, me: SignedOperator, form: URLSearchParams) => Promise<void>;

/** Reads the form that was sent, once, and has `use` do what it does with it. */
export type TakeForm = <Result>(use: (upload: Upload) => Promise<Result>) => Promise<Result>;
type UploadHandler = (ctx: Context, me: SignedOperator, take: TakeForm) => Promise<void>;

/** Every route of the console is one of these three: nothing of it answers to somebody else. */
export interface Gate {
  page(handler: PageHandler): Middleware;
  /**
   * A form of ours. `formPage` is where it stands (path under the issuer, `/operateur/…`): people come back there when
   * they have to sign in first. `sensitive` acts need a sign-in of less than fifteen minutes ago.
   */
  act(
    handler: ActHandler,
    options: { readonly formPage: (ctx: Context) => string; readonly sensitive?: boolean },
  ): Middleware;
  /**
   * A form of ours with a file. Nothing of it is read before it is known who sends it, and what they may; nothing of it is
   * kept for who has to sign in first: they choose the file again.
   */
  upload(
    handler: UploadHandler,
    options: { readonly formPage: (ctx: Context) => string; readonly sensitive?: boolean },
  ): Middleware;
}

export interface GateNeeds {
  readonly visitors: Visitors;
  readonly snapshot: () => Snapshot;
  readonly subjectsOf: (accountId: string, idp: string) => Promise<readonly string[]>;
  /** Leaves a trace of each sign-in in the record. */
  readonly recordSignIn: (actor: ActingOperator, visitor: Visitor) => Promise<void>;
  readonly keptForms: KeptForms;
  readonly http: Http;
  readonly clock: Clock;
  readonly basePath: string;
}

export function createGate(needs: GateNeeds): Gate {
  const { visitors, http, basePath, keptForms } = needs;
  const need = { mfa: true, maxAgeSeconds: longestSession } as const;

  /** Signed in, as an operator, strongly and lately enough; undefined when the person has to sign in first. */
  async function signedOperator(ctx: Context): Promise<SignedOperator | undefined> {
    const visitor = await visitors.of(ctx);
    if (visitor === undefined) return undefined;
    const operator = await operatorOf(visitor, needs);
    if (operator === undefined) throw new BrokerError('M-FILE-035', { detail: visitor.accountId });
    const today = parisDate(needs.clock());
    const delegation = delegationOn(operator, today);
    if (delegation !== 'in_force')
      throw new BrokerError('M-FILE-036', { detail: `${operator.id}: ${delegation}` });
    if (!visitors.hasMfa(visitor) || !visitors.isRecent(visitor, longestSession)) return undefined;
    const actor = actorOf(operator, visitor);
    await needs.recordSignIn(actor, visitor);
    return {
      operator,
      visitor,
      actor,
      today,
      may: (action, target) => may(operator, action, target, today),
      mayAnywhere: (action) => mayAnywhere(operator, action, today),
      assert(action, target) {
        if (target !== undefined && !isInPerimeter(operator.perimeter, target))
          throw new BrokerError('M-FILE-001', { detail: `${operator.id}: ${action} out of perimeter` });
        if (!may(operator, action, target, today))
          throw new BrokerError('M-FILE-006', { detail: `${operator.id}: ${action}` });
      },
    };
  }

  /** Failures are pages with a way back into the console, or to the site for who has none. */
  async function answering(ctx: Context, back: string, work: () => Promise<void>): Promise<void> {
    ctx.set('Cache-Control', 'no-store');
    try {
      // PostgreSQL keeps no U+0000: nothing of ours is called so.
      if (ctx.originalUrl.includes('%00'))
        throw new BrokerError('M-FILE-001', { detail: 'U+0000 in the address' });
      await work();
    } catch (error) {
      const hidden = error instanceof BrokerError && error.code === 'M-FILE-001' ? error : undefined;
      const outside =
        error instanceof BrokerError && (error.code === 'M-FILE-035' || error.code === 'M-FILE-036');
      const words = outside ? labels[language(ctx)].home : labels[language(ctx)].back;
      // Who examines files is not told what is told to who sends one.
      const told = hidden === undefined ? error : new BrokerError('M-FILE-039', { detail: hidden.message });
      http.errorPage(ctx, told, { backHref: outside ? `${basePath}/` : back, backLabel: words });
    }
  }

  return {
    page: (handler) => (ctx) =>
      answering(ctx, `${basePath}/operateur`, async () => {
        const me = await signedOperator(ctx);
        if (me === undefined) {
          ctx.status = 303;
          ctx.redirect(visitors.signInHref(hereOf(ctx, basePath), need));
          return;
        }
        const name = ctx.query[keptParameter];
        const kept = typeof name === 'string' ? await keptForms.read(me.visitor.accountId, name) : undefined;
        await handler(ctx, me, kept);
      }),

    act:
      (handler, { formPage, sensitive = false }) =>
      (ctx) => {
        const page = `${basePath}${formPage(ctx)}`;
        return answering(ctx, page, async () => {
          http.assertSameOrigin(ctx);
          // Reasons are long texts, and an accented letter takes six bytes of a form.
          const form = await readForm(ctx, '512kb');
          if ([...form].some((pair) => pair.join('').includes('\0')))
            throw new BrokerError('M-FILE-017', { detail: 'U+0000 in the form' });
          const me = await signedOperator(ctx);
          const recent = me !== undefined && (!sensitive || visitors.isRecent(me.visitor, recentEnough));
          if (recent) {
            await handler(ctx, me, form);
            return;
          }
          const visitor = await visitors.of(ctx);
          const name = visitor === undefined ? undefined : await keptForms.keep(visitor.accountId, form);
          const returnTo = name === undefined ? page : withKept(page, name);
          http.errorPage(ctx, new BrokerError(me === undefined ? 'M-FILE-038' : 'M-FILE-037'), {
            backHref: visitors.signInHref(
              returnTo,
              sensitive ? { ...need, maxAgeSeconds: recentEnough } : need,
            ),
            backLabel: labels[language(ctx)].signIn,
          });
        });
      },

    upload:
      (handler, { formPage, sensitive = false }) =>
      (ctx) => {
        const page = `${basePath}${formPage(ctx)}`;
        return answering(ctx, page, async () => {
          try {
            http.assertSameOrigin(ctx);
            const me = await signedOperator(ctx);
            if (me !== undefined && (!sensitive || visitors.isRecent(me.visitor, recentEnough))) {
              await handler(ctx, me, (use) =>
                http.takeUpload(ctx, me.visitor.accountId, (upload) => {
                  if ([...upload.fields].some((pair) => pair.join('').includes('\0')))
                    throw new BrokerError('M-FILE-017', { detail: 'U+0000 in the form' });
                  return use(upload);
                }),
              );
              return;
            }
            stopReading(ctx);
            http.errorPage(ctx, new BrokerError(me === undefined ? 'M-FILE-038' : 'M-FILE-037'), {
              backHref: visitors.signInHref(
                page,
                sensitive ? { ...need, maxAgeSeconds: recentEnough } : need,
              ),
              backLabel: labels[language(ctx)].signIn,
            });
          } catch (error) {
            stopReading(ctx);
            throw error;
          }
        });
      },
  };
}

const labels = {
  fr: { back: 'Revenir à la page précédente', home: 'Aller à l’accueil', signIn: 'Se connecter à nouveau' },
  en: { back: 'Back to the page before', home: 'Go to the home page', signIn: 'Sign in again' },
} as const;

/** An address that would not fit in a `state` is given up for the home page of the console. */
function hereOf(ctx: Context, basePath: string): string {
  return ctx.originalUrl.length > 1500 ? `${basePath}/operateur` : ctx.originalUrl;
}

function withKept(page: string, name: string): string {
  return `${page}${page.includes('?') ? '&' : '?'}${keptParameter}=${name}`;
}
