export {
  ensureCredentials,
  type CertificatePair,
  type Credentials,
  type CredentialsOptions,
} from './certificates/credentials.js';
export { CredentialsError, type CredentialsErrorCode } from './certificates/errors.js';
export { firstServiceAddress } from './certificates/service-address.js';
