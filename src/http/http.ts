/**
 * http/: the frame around every page and answer. It knows the web, and nothing of the domain.
 *
 * What it does: security headers, host guard, language, assets, error pages with a code and an id, compulsory pages,
 * health routes, reading forms, rendering `views/` with the words of `locales/`.
 *
 * Flow: `createHttp()` gives plain Koa middleware, for an app made elsewhere (the oidc-provider Provider is the app):
 * `securityHeaders`, then `errorPages`, are the outermost; then `hostGuard`, `languageChoice`, `assets`, `sitePages`. A route
 * answers with `http.renderPage(ctx, page, model)`, or throws a BrokerError, which comes back here as a page or JSON.
 * Every address we write starts with `basePath`, the path of the issuer.
 *
 * May import: config, errors.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context, Middleware } from 'koa';
import { createAssets } from './assets.ts';
import { createErrorId } from './error-id.ts';
import type { Random } from './error-id.ts';
import { createErrorPages, createShowError } from './error-pages.ts';
import type { HttpLogger, ShowError } from './error-pages.ts';
import { createHealth } from './health.ts';
import type { Health } from './health.ts';
import { createHostGuard } from './host-guard.ts';
import { createLanguageChoice } from './language.ts';
import type { KeptFor, LegalPage, Publisher } from './pages.ts';
import { createRenderPage } from './render.ts';
import type { RenderPage } from './render.ts';
import { createAssertSameOrigin } from './same-origin.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { createSitePages } from './site-pages.ts';
import { createTakeUpload } from './take-upload.ts';
import type { TakeUpload } from './take-upload.ts';
import { loadTexts } from './texts.ts';

export { formatDate, formatInstant } from './dates.ts';
export { stopReading } from './receive-upload.ts';
export type {
  ExceptionEffect,
  ExceptionFact,
  ExceptionsOfOrganization,
  FactSaid,
  OperatorExceptionPages,
} from './operator-exception-pages.ts';
export type { LotAction, LotLineShown, OperatorLotPages } from './operator-lot-pages.ts';
export { domainOutcomes } from './domain-pages.ts';
export type {
  DomainOutcome,
  OperatorDomainsPage,
  OperatorHandoverPage,
  OwnDomainShown,
  OwnDomainsPage,
} from './domain-pages.ts';
export { createDevMailbox } from './dev-mailbox.ts';
export { deviceOf, deviceSchema } from './device.ts';
export type { Device } from './device.ts';
export { frenchSpacing } from './french-spacing.ts';
export { inOneLine, nameInMail, plainMail } from './plain-mail.ts';
export { FetchRefused, createGuardedFetch, networkReason, reachOf, readBounded } from './guarded-fetch.ts';
export type { GuardedFetch, GuardedFetchOptions } from './guarded-fetch.ts';
export { language, preferLocales } from './language.ts';
export { createMetrics, serveMetrics } from './metrics.ts';
export type { Metrics } from './metrics.ts';
export { NotCalled, createProtectedCalls } from './protected-calls.ts';
export type { BreakerState, CallProtection, ProtectedCalls } from './protected-calls.ts';
export { readForm } from './read-form.ts';
export type { Upload, UploadedFile } from './receive-upload.ts';
export type { TakeUpload } from './take-upload.ts';
export { securityTxt } from './security-txt.ts';
export { listen, loopbackAddresses } from './server.ts';
export type { Listening } from './server.ts';
export { trustOnlyOurProxies } from './trusted-proxies.ts';
export { underPath } from './under-path.ts';
export { organizationKinds } from './pages.ts';
export type { Language } from './language.ts';
export type {
  JoinedShown,
  JoiningInvitePage,
  JoiningMinePage,
  JoiningRequestsPage,
  JoiningSearchPage,
  JoiningWayPage,
} from './joining-pages.ts';
export type { ErrorPageOptions, HttpLogger, ShowError } from './error-pages.ts';
export type { Health } from './health.ts';
export type { PageOptions, RenderPage } from './render.ts';
export type {
  DraftEvidencePage,
  DraftOrganizationPage,
  DraftReviewPage,
  FieldProblem,
  MembersShown,
  OrganizationShown,
  PieceShown,
  UploadRefused,
} from './applicant-draft-pages.ts';
export type {
  ApplicantStartPage,
  FileAction,
  FilePage,
  NextThing,
  RenouncePage,
  RequestStand,
  Tone,
} from './applicant-pages.ts';
export type { LetterBlock, LetterPage, LetterView } from './letter-page.ts';
export type { CatalogueResult, FactSource, FoundList, HomePage } from './home-page.ts';
export type { ConsoleFrame, ConsoleSection, OperatorMePage, OperatorPage } from './operator-pages.ts';
export type {
  ActFieldShown,
  KnownFact,
  OperatorActForm,
  OperatorEvent,
  OperatorEvidence,
  OperatorFilePage,
  OperatorLivePage,
  OperatorPreviewPage,
  OperatorRequestShown,
  OperatorReview,
  Said,
  SaidTag,
} from './operator-file-page.ts';
export type {
  DomainShown,
  OperatorOrganizationPage,
  OperatorOrganizationsPage,
  OperatorPeoplePage,
  OperatorRecordPage,
  OperatorStatisticsPage,
} from './operator-other-pages.ts';
export type {
  OperatorAppointmentPages,
  OperatorFieldName,
  OperatorShown,
} from './operator-appointment-pages.ts';
export type { MyDataErasurePage, OperatorPersonPage, OperatorPersonsPage } from './data-pages.ts';
export type { DecisionShown, OperatorPolicyPages, PolicyShown, ValueShown } from './operator-policy-pages.ts';
export type { ProviderShown } from './operator-provider-pages.ts';
export type { ConcernedShown } from './operator-policy-preview-page.ts';
export type {
  AgeShown,
  OperatorDeclaredPage,
  OperatorQueuePage,
  OperatorQueueRow,
} from './operator-queue-page.ts';
export type {
  MemberActPage,
  MemberAuthorShown,
  MemberListPage,
  MemberGuestShown,
  MemberShown,
  RepresentativeShown,
} from './member-pages.ts';
export type { AwayShown } from './error-page.ts';
export type { PartnerSecondFactorPage, PasskeyShown } from './partner-pages.ts';
export type { GuestListPage, GuestShown } from './sponsor-pages.ts';
export type { AccountPage } from './account-page.ts';
export type {
  AccountCodePage,
  AccountHistoryPage,
  AccountIdentityPage,
  AccountLinkPage,
  AccountSecurityPage,
  AccountTotpPage,
} from './own-account-pages.ts';
export type { ChooseIdpPage, EmailPage, UnknownDomainPage } from './sign-in-pages.ts';
export type {
  Answer,
  Back,
  ChooseOrganizationPage,
  FormPostPage,
  LoggedOutPage,
  LogoutPage,
  OrganizationKind,
  PageName,
  Pages,
  Publisher,
  Reference,
  RefusalPage,
  RefusalWay,
  SelectAccountPage,
  StepUpPage,
} from './pages.ts';

/** What browsers lack around WebAuthn: base64url, and the offer beside a field. Served from here, as everything else. */
const passkeyLibrary = fileURLToPath(
  import.meta.resolve('@simplewebauthn/browser').replace(/[^/]*\/[^/]*$/, 'dist/bundle/index.umd.min.js'),
);

export interface HttpOptions {
  readonly issuer: URL;
  /** Path of the issuer: '' or '/api/v2'. */
  readonly basePath: string;
  readonly logger: HttpLogger;
  readonly viewsDir: string;
  readonly localesDir: string;
  /** Who answers for the site; without one, the banner says that it is a demonstration. */
  readonly publisher?: Publisher | undefined;
  /** `mailto:` or `https:` address for security.txt. */
  readonly securityContact?: string | undefined;
  readonly clock?: (() => Date) | undefined;
  readonly random?: Random | undefined;
  /** How long what people send is kept, for the page that says so. */
  readonly kept?: KeptFor | undefined;
}

export interface Http {
  readonly basePath: string;
  readonly securityHeaders: Middleware;
  readonly errorPages: Middleware;
  readonly hostGuard: Middleware;
  readonly languageChoice: Middleware;
  readonly assets: Middleware;
  readonly sitePages: Middleware;
  /** `/livez` and `/readyz`; put it before the routes. */
  readonly health: (check: () => Promise<Health>) => Middleware;
  readonly renderPage: RenderPage;
  /** Shows any error as a page or JSON and logs it: for the interaction room and the provider's `renderError`. */
  readonly errorPage: ShowError;
  /** Throws M-HTTP-004 unless the form comes from our own pages. */
  readonly assertSameOrigin: (ctx: Pick<Context, 'req'>) => void;
  /** Forms with files; the few that a process takes at once. */
  readonly takeUpload: TakeUpload;
  /** A new id such as 7F3A-91C2, for a refusal that the caller logs itself. */
  readonly newReferenceId: () => string;
}

export const createHttp = (options: HttpOptions): Http => {
  const { issuer, basePath, logger, viewsDir, localesDir, publisher, securityContact } = options;
  const clock = options.clock ?? (() => new Date());
  const newId = createErrorId(options.random);
  const texts = loadTexts(localesDir);
  const assets = createAssets(join(viewsDir, 'assets'), basePath, { 'webauthn.js': passkeyLibrary });
  const renderPage = createRenderPage({ viewsDir, basePath, assets, texts, demo: publisher === undefined });
  const errors = { renderPage, texts, logger, newId };
  const errorPage = createShowError(errors);
  const { kept } = options;
  const legal: LegalPage = { publisher, securityContact, site: issuer.origin + basePath, kept };

  const frame = {
    securityHeaders: createSecurityHeaders(issuer),
    errorPages: createErrorPages(errors, errorPage),
    hostGuard: createHostGuard(issuer, basePath),
    languageChoice: createLanguageChoice(basePath, issuer.protocol === 'https:'),
    assets: assets.middleware,
    sitePages: createSitePages({ renderPage, issuer, basePath, model: legal, clock }),
  };
  return {
    ...frame,
    basePath,
    health: (check) => createHealth(basePath, check),
    renderPage,
    errorPage,
    assertSameOrigin: createAssertSameOrigin(issuer.origin),
    takeUpload: createTakeUpload(),
    newReferenceId: newId,
  };
};
