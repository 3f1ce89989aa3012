export type { PasswordUser, TokenUser } from './auth/authenticate.js';
export { type Kind, type Subresource, type Verb } from './kinds/kind.js';
export { kinds } from './kinds/table.js';
export { type ApiServer, type ApiServerOptions, startApiServer } from './server.js';
export { EventLog, type Change } from './storage/event-log.js';
export { type Journal, type JournalOptions, openJournal } from './storage/journal.js';
export { MemoryStore, type MemoryStoreOptions, type Write } from './storage/memory-store.js';
export type { Listing, Store } from './storage/store.js';
export { type Controllers, type ControllersOptions, startControllers } from './controllers/index.js';
