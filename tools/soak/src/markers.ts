/** Environment variables that mark the processes of tasks and executors, so that they are found whoever their parent is. */
export const RUN = 'SOAK_RUN';
export const TASK = 'SOAK_TASK';
