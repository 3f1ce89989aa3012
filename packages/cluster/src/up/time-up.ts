/** The reason of a signal that is aborted because the time for the whole `up` is over. */
export class TimeUp extends Error {}
