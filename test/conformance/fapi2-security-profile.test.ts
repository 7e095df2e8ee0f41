import { fapi2Modules } from './modules/fapi2.ts';
import { describeFapi2 } from './support/fapi2-run.ts';

const plan = 'FAPI 2.0 Security Profile (fapi2-security-profile-final-test-plan)';
const plain = { request: 'unsigned', response: 'plain' } as const;

describeFapi2(plan, { authentication: 'private_key_jwt', binding: 'dpop', ...plain }, fapi2Modules);
describeFapi2(plan, { authentication: 'private_key_jwt', binding: 'mtls', ...plain }, fapi2Modules);
describeFapi2(plan, { authentication: 'tls_client_auth', binding: 'mtls', ...plain }, fapi2Modules);
