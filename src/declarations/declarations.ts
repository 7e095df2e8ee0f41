/**
 * declarations/: what operators declare in files, and the running copy of it.
 *
 * What it does: services, clients, identity providers, policies, operators, approvals, memberships and organizations
 * are written in YAML, checked as a whole, compared with the database and applied in one transaction; every process
 * then serves them from memory, with one client more, ours (built-in.ts), and one identity provider more, ourselves
 * (built-in-provider.ts).
 *
 * Flow: folder ──yaml-file.ts (positions, ${VARIABLE})──▶ load.ts (one zod schema per kind, references.ts across them)
 * ──▶ DeclaredSet ──diff.ts with stored.ts──▶ apply.ts (lock, transaction, revision + 1) ──▶ tables
 * tables ──snapshot.ts (revision polled)──▶ `Snapshot`, frozen, swapped at once, kept when the database is away.
 * Secrets: of our clients, a SHA-256; of identity providers, sealed: `idpSecret` opens them.
 *
 * May import: audit (each apply is recorded), eligibility (policies, grounds), organizations (identifiers), storage (tables), config (clock, seal), errors.
 */
export {
  isSamePerson,
  keptOperators,
  readIssuers,
  readmitOperator,
  removeOperator,
  removedOperators,
  wasRemoved,
  writeAppointed,
} from './appointed-operators.ts';
export type { IssuerOf, KeptOperator, RemovedOperator } from './appointed-operators.ts';
export { applyDeclarations } from './apply.ts';
export type { ApplyOptions } from './apply.ts';
export { builtInId, builtInReturnPath, isBuiltIn } from './built-in.ts';
export { builtInProvider, isPartnerProvider, partnerProviderId } from './built-in-provider.ts';
export { declaredClientSchema, storedClientSchema } from './client.ts';
export type { Client } from './client.ts';
export { standardMembers } from './client-members.ts';
export {
  contentEncryptionAlgorithms,
  keyManagementAlgorithms,
  fapiSigningAlgorithms,
  signingAlgorithms,
} from './client-algorithms.ts';
export { parseDistinguishedName } from './distinguished-name.ts';
export { liesInHeldDomain } from './held-domain.ts';
export type { HeldDomain } from './held-domain.ts';
export { changedFields, formatDiff } from './diff.ts';
export type { Change, DeclarationKind, Diff, FieldChange } from './diff.ts';
export { agentClaims, customName, customPrefix, isReservedClaim, mappableClaims } from './claim-mapping.ts';
export { phoneClaims, profileClaims, protocolClaims } from './claim-mapping.ts';
export type { ClaimMapping, ClaimRule } from './claim-mapping.ts';
export { idpSecret, idpSecretPurpose } from './idp-secret.ts';
export type { IdentityProvider } from './identity-provider.ts';
export { answersFor } from './idp-identity.ts';
export { decryptionAlgorithms, decryptionAlgorithmsOf } from './idp-protocol.ts';
export type { DecryptionAlgorithm } from './idp-protocol.ts';
export { fieldText, issueText } from './issue-text.ts';
export { loadDeclarations } from './load.ts';
export type { LoadOptions } from './load.ts';
export type { DeclaredSet } from './declared-set.ts';
export { lockDeclarations, policyVersions, publishVersion, raiseRevision } from './published-policies.ts';
export type { PolicyVersion } from './published-policies.ts';
export { readYamlFile } from './yaml-file.ts';
export type { Problem, YamlFile } from './yaml-file.ts';
export { operatorRoles, operatorSchema, rolesApart } from './operator.ts';
export type { Operator, OperatorRole } from './operator.ts';
export { redirectUriProblem } from './redirect-uri.ts';
export type { ResourceServer } from './resource-server.ts';
export { page } from './scalars.ts';
export { clientScope, supportedScopes } from './scope.ts';
export type { Service } from './service.ts';
export { createDeclarations } from './running.ts';
export type { Declarations, DeclarationsOptions } from './running.ts';
export type { Snapshot } from './snapshot.ts';
