namespace Gain.Uring;

/// <summary>
/// How a file is opened (<c>O_*</c>, open(2)). <see cref="CloseOnExec"/> is not implied. The numbers are this
/// type's own where architectures differ; the methods that take it translate them.
/// </summary>
[Flags]
public enum OpenFlags
{
    /// <summary>To read.</summary>
    ReadOnly = 0,

    /// <summary>To write.</summary>
    WriteOnly = 0x1,

    /// <summary>To read and to write.</summary>
    ReadWrite = 0x2,

    /// <summary>Makes the file when it does not exist.</summary>
    Create = 0x40,

    /// <summary>With <see cref="Create"/>: EEXIST when the file exists.</summary>
    Exclusive = 0x80,

    /// <summary>A terminal does not become the process's.</summary>
    NoTerminal = 0x100,

    /// <summary>The file is emptied.</summary>
    Truncate = 0x200,

    /// <summary>Every write goes to the end.</summary>
    Append = 0x400,

    /// <summary>Calls on it do not block; for pipes and devices.</summary>
    NonBlocking = 0x800,

    /// <summary>A write completes when its data is on the device, as with fdatasync(2).</summary>
    DataSync = 0x1000,

    /// <summary>
    /// Reads and writes go past the page cache. Memory, offsets and lengths are to be aligned as
    /// <see cref="FileStatus.DirectMemoryAlignment"/> and <see cref="FileStatus.DirectOffsetAlignment"/> say;
    /// EINVAL when not, or when the file system cannot.
    /// </summary>
    Direct = 0x4000,

    /// <summary>ENOTDIR when it is not a directory.</summary>
    Directory = 0x10000,

    /// <summary>ELOOP when the last part of the path is a symbolic link.</summary>
    NoFollow = 0x20000,

    /// <summary>Reads do not change the time of the last access.</summary>
    NoAccessTime = 0x40000,

    /// <summary>The descriptor is closed on exec(2). Not with a registered file.</summary>
    CloseOnExec = 0x80000,

    /// <summary>Like <see cref="DataSync"/>, with all that is known of the file, as with fsync(2).</summary>
    Sync = 0x101000,

    /// <summary>Only a place in the tree, for the methods that start there.</summary>
    PathOnly = 0x200000,

    /// <summary>
    /// A file without a name in the directory that the path names; it is gone when it is closed.
    /// </summary>
    Temporary = 0x410000,
}
