/** Told to an executor whose node object somebody deleted: it registers its node again. */
export const REGISTER_NODE = 'register-node';
