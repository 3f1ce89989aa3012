import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the test bed gives the tests that need an engine; absent where there is none. */
    testbed:
      | {
          /** As `DOCKER_HOST` has it. */
          readonly host: string;
          readonly images: { readonly small: string; readonly base: string; readonly etcd: string };
          /** The program docker-compose of another release, when it could be had. */
          readonly compose?: string | undefined;
          /** The small image in a registry on loopback. */
          readonly pullable: string;
        }
      | undefined;
  }
}
