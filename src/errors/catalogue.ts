import { actErrors } from './catalogue-acts.ts';
import { approvalErrors } from './catalogue-approval.ts';
import { auditErrors } from './catalogue-audit.ts';
import { batchErrors } from './catalogue-batches.ts';
import { consoleErrors } from './catalogue-console.ts';
import { dataErrors } from './catalogue-data.ts';
import { evidenceErrors, uploadErrors } from './catalogue-evidence.ts';
import { guestErrors } from './catalogue-guests.ts';
import { importErrors } from './catalogue-import.ts';
import { memberErrors } from './catalogue-members.ts';
import { oidcErrors } from './catalogue-oidc.ts';
import { operatorErrors } from './catalogue-operator.ts';
import { organizationErrors } from './catalogue-organization.ts';
import { policyErrors } from './catalogue-policy.ts';
import { registerErrors } from './catalogue-register.ts';
import { registrationErrors } from './catalogue-registration.ts';
import { signInErrors } from './catalogue-sign-in.ts';
import { registrationSettingErrors, submissionErrors } from './catalogue-submission.ts';
import { systemErrors } from './catalogue-system.ts';
import { upstreamAnswerErrors } from './catalogue-upstream-answers.ts';
import { upstreamIdentityErrors } from './catalogue-upstream-identity.ts';
import { upstreamLoadErrors } from './catalogue-upstream-load.ts';
import { upstreamLogoutErrors } from './catalogue-upstream-logout.ts';
import { upstreamTimeErrors } from './catalogue-upstream-time.ts';
import { upstreamErrors } from './catalogue-upstream.ts';
import { domainErrors } from './catalogue-domains.ts';
import { joiningErrors } from './catalogue-joining.ts';
import { limitErrors } from './catalogue-limits.ts';
import { partnerSignInErrors } from './catalogue-partner-sign-in.ts';
import { partnerErrors } from './catalogue-partners.ts';
import type { ErrorEntry, ErrorText } from './entry.ts';

export type { ErrorEntry, ErrorText };

/** Codes are never recycled: a retired code stays here, marked as such. */
export const catalogue = {
  ...systemErrors,
  ...oidcErrors,
  ...upstreamErrors,
  ...upstreamAnswerErrors,
  ...upstreamIdentityErrors,
  ...upstreamLoadErrors,
  ...upstreamLogoutErrors,
  ...upstreamTimeErrors,
  ...organizationErrors,
  ...approvalErrors,
  ...signInErrors,
  ...importErrors,
  ...registerErrors,
  ...registrationErrors,
  ...submissionErrors,
  ...evidenceErrors,
  ...consoleErrors,
  ...auditErrors,
  ...registrationSettingErrors,
  ...uploadErrors,
  ...actErrors,
  ...policyErrors,
  ...guestErrors,
  ...dataErrors,
  ...batchErrors,
  ...memberErrors,
  ...operatorErrors,
  ...limitErrors,
  ...partnerErrors,
  ...partnerSignInErrors,
  ...joiningErrors,
  ...domainErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;
