/** Where something is printed. `false`: nobody reads any more, or nobody is to wait for the reader any more. */
export type Outlet = (bytes: Buffer) => Promise<boolean>;
