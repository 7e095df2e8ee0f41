import {
  contentEncryptionAlgorithms,
  fapiSigningAlgorithms,
  keyManagementAlgorithms,
  signingAlgorithms,
} from '../declarations/declarations.ts';

const signing = [...signingAlgorithms];
const keyManagement = [...keyManagementAlgorithms];
const contentEncryption = [...contentEncryptionAlgorithms];

/** Which algorithms clients may register and use, for each thing that is signed or encrypted. */
export const enabledAlgorithms = {
  idTokenSigningAlgValues: signing,
  userinfoSigningAlgValues: signing,
  introspectionSigningAlgValues: signing,
  authorizationSigningAlgValues: signing,
  requestObjectSigningAlgValues: signing,
  clientAuthSigningAlgValues: signing,
  // Nobody needs the old RS256 for proofs, and FAPI forbids it.
  dPoPSigningAlgValues: signing.filter((alg) => fapiSigningAlgorithms.includes(alg)),
  idTokenEncryptionAlgValues: keyManagement,
  idTokenEncryptionEncValues: contentEncryption,
  userinfoEncryptionAlgValues: keyManagement,
  userinfoEncryptionEncValues: contentEncryption,
  introspectionEncryptionAlgValues: keyManagement,
  introspectionEncryptionEncValues: contentEncryption,
  authorizationEncryptionAlgValues: keyManagement,
  authorizationEncryptionEncValues: contentEncryption,
  // Request objects are signed, not encrypted: we publish no key to encrypt to.
  requestObjectEncryptionAlgValues: [],
  requestObjectEncryptionEncValues: [],
};
