/** How far a build or a pull is. */
export type ImageEvent =
  /** The context is on its way: things and bytes of content so far. */
  | { readonly type: 'context'; readonly entries: number; readonly bytes: number }
  /** A step of the Dockerfile begins; both numbers count from 1. */
  | { readonly type: 'step'; readonly step: number; readonly steps: number; readonly text: string }
  /** Something that the build printed, without its line end. */
  | { readonly type: 'output'; readonly text: string }
  /** A layer of an image that is pulled; bytes where the engine tells them. */
  | {
      readonly type: 'layer';
      readonly id: string;
      readonly status: string;
      readonly current?: number;
      readonly total?: number;
    }
  /** The engine says what it does, such as `Pulling from library/busybox`. */
  | { readonly type: 'status'; readonly text: string }
  /** The image is there. `reused` when it was not built again. */
  | { readonly type: 'done'; readonly image: string; readonly reused: boolean };
