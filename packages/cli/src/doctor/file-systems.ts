/** What a kind of file system means for sessions. */
export type FileSystemKind = 'local' | 'memory' | 'layered' | 'remote' | 'unknown';

export interface FileSystem {
  readonly name: string;
  readonly kind: FileSystemKind;
}

/** Numbers that statfs(2) gives on Linux (linux/magic.h and the sources of those that are not in it). */
const FILE_SYSTEMS: ReadonlyMap<number, FileSystem> = new Map([
  [0xef53, { name: 'ext4', kind: 'local' }],
  [0x58465342, { name: 'xfs', kind: 'local' }],
  [0x9123683e, { name: 'btrfs', kind: 'local' }],
  [0x2fc12fc1, { name: 'zfs', kind: 'local' }],
  [0xf2f52010, { name: 'f2fs', kind: 'local' }],
  [0xca451a4e, { name: 'bcachefs', kind: 'local' }],
  [0x01021994, { name: 'tmpfs', kind: 'memory' }],
  [0x858458f6, { name: 'ramfs', kind: 'memory' }],
  [0x794c7630, { name: 'overlay', kind: 'layered' }],
  [0x6969, { name: 'nfs', kind: 'remote' }],
  [0x517b, { name: 'smb', kind: 'remote' }],
  [0xff534d42, { name: 'cifs', kind: 'remote' }],
  [0xfe534d42, { name: 'smb2', kind: 'remote' }],
  [0x65735546, { name: 'fuse', kind: 'remote' }],
  [0x01021997, { name: '9p', kind: 'remote' }],
  [0x00c36400, { name: 'ceph', kind: 'remote' }],
  [0x5346414f, { name: 'afs', kind: 'remote' }],
  [0x0bd00bd0, { name: 'lustre', kind: 'remote' }],
  [0x786f4256, { name: 'vboxsf', kind: 'remote' }],
]);

/** By the number of statfs(2); the numbers of other systems mean other things. */
export function fileSystemOf(type: number, platform: NodeJS.Platform = process.platform): FileSystem {
  const known = platform === 'linux' ? FILE_SYSTEMS.get(type >>> 0) : undefined;
  return known ?? { name: `type 0x${(type >>> 0).toString(16)}`, kind: 'unknown' };
}
