namespace Gain.Uring;

/// <summary>What is asked about a file, and what was told (<c>STATX_*</c>, statx(2)).</summary>
[Flags]
public enum FileStatusFields : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The kind.</summary>
    Kind = 0x1,

    /// <summary>The permissions.</summary>
    Permissions = 0x2,

    /// <summary><see cref="FileStatus.LinkCount"/>.</summary>
    LinkCount = 0x4,

    /// <summary><see cref="FileStatus.UserId"/>.</summary>
    UserId = 0x8,

    /// <summary><see cref="FileStatus.GroupId"/>.</summary>
    GroupId = 0x10,

    /// <summary><see cref="FileStatus.AccessTime"/>.</summary>
    AccessTime = 0x20,

    /// <summary><see cref="FileStatus.ModificationTime"/>.</summary>
    ModificationTime = 0x40,

    /// <summary><see cref="FileStatus.ChangeTime"/>.</summary>
    ChangeTime = 0x80,

    /// <summary><see cref="FileStatus.Inode"/>.</summary>
    Inode = 0x100,

    /// <summary><see cref="FileStatus.SizeBytes"/>.</summary>
    Size = 0x200,

    /// <summary><see cref="FileStatus.Blocks"/>.</summary>
    Blocks = 0x400,

    /// <summary>All of the above: what stat(2) tells.</summary>
    Basic = 0x7FF,

    /// <summary><see cref="FileStatus.BirthTime"/>.</summary>
    BirthTime = 0x800,

    /// <summary><see cref="FileStatus.MountId"/>. Linux 5.8.</summary>
    MountId = 0x1000,

    /// <summary>
    /// <see cref="FileStatus.DirectMemoryAlignment"/>, <see cref="FileStatus.DirectOffsetAlignment"/>. Linux
    /// 6.1.
    /// </summary>
    DirectAlignment = 0x2000,

    /// <summary><see cref="FileStatus.MountId"/>, as a number that never comes again. Linux 6.8.</summary>
    UniqueMountId = 0x4000,

    /// <summary><see cref="FileStatus.Subvolume"/>. Linux 6.10.</summary>
    Subvolume = 0x8000,

    /// <summary><see cref="FileStatus.AtomicWriteMax"/> and its like. Linux 6.11.</summary>
    AtomicWrites = 0x10000,

    /// <summary><see cref="FileStatus.DirectReadOffsetAlignment"/>. Linux 6.15.</summary>
    DirectReadAlignment = 0x20000,
}
