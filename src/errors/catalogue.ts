import { approvalErrors } from './catalogue-approval.ts';
import { importErrors } from './catalogue-import.ts';
import { oidcErrors } from './catalogue-oidc.ts';
import { organizationErrors } from './catalogue-organization.ts';
import { registerErrors } from './catalogue-register.ts';
import { signInErrors } from './catalogue-sign-in.ts';
import { systemErrors } from './catalogue-system.ts';
import { upstreamErrors } from './catalogue-upstream.ts';
import type { ErrorEntry, ErrorText } from './entry.ts';

export type { ErrorEntry, ErrorText };

/** Codes are never recycled: a retired code stays here, marked as such. */
export const catalogue = {
  ...systemErrors,
  ...oidcErrors,
  ...upstreamErrors,
  ...organizationErrors,
  ...approvalErrors,
  ...signInErrors,
  ...importErrors,
  ...registerErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;
