using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>
/// What <see cref="SubmissionEntry.PrepStatx(int, byte*, int, uint, FileStatus*)"/> tells of a file: the
/// <c>struct statx</c>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
public struct FileStatus
{
    /// <summary>What was told; the other fields are 0.</summary>
    public readonly FileStatusFields Fields => (FileStatusFields)Mask;

    /// <summary>The STATX_* bits of what was told.</summary>
    [FieldOffset(0x00)]
    public uint Mask;

    /// <summary>The size of an efficient transfer, in bytes.</summary>
    [FieldOffset(0x04)]
    public uint BlockSize;

    /// <summary>STATX_ATTR_* bits.</summary>
    [FieldOffset(0x08)]
    public ulong Attributes;

    /// <summary>The number of its names.</summary>
    [FieldOffset(0x10)]
    public uint LinkCount;

    /// <summary>The owner.</summary>
    [FieldOffset(0x14)]
    public uint UserId;

    /// <summary>The owner's group.</summary>
    [FieldOffset(0x18)]
    public uint GroupId;

    /// <summary>The kind (S_IFMT) and the permissions.</summary>
    [FieldOffset(0x1C)]
    public ushort Mode;

    /// <summary>The file's number in its file system.</summary>
    [FieldOffset(0x20)]
    public ulong Inode;

    /// <summary>The size in bytes.</summary>
    [FieldOffset(0x28)]
    public ulong SizeBytes;

    /// <summary>The space that it takes, in units of 512 bytes.</summary>
    [FieldOffset(0x30)]
    public ulong Blocks;

    /// <summary>Which of the bits of <see cref="Attributes"/> the file system knows.</summary>
    [FieldOffset(0x38)]
    public ulong AttributesMask;

    /// <summary>When it was read last, in seconds since 1970.</summary>
    [FieldOffset(0x40)]
    public long AccessSeconds;

    /// <summary>The nanoseconds of that second.</summary>
    [FieldOffset(0x48)]
    public uint AccessNanoseconds;

    /// <summary>When it was made, in seconds since 1970.</summary>
    [FieldOffset(0x50)]
    public long BirthSeconds;

    /// <summary>The nanoseconds of that second.</summary>
    [FieldOffset(0x58)]
    public uint BirthNanoseconds;

    /// <summary>When its status changed last, in seconds since 1970.</summary>
    [FieldOffset(0x60)]
    public long ChangeSeconds;

    /// <summary>The nanoseconds of that second.</summary>
    [FieldOffset(0x68)]
    public uint ChangeNanoseconds;

    /// <summary>When it was written last, in seconds since 1970.</summary>
    [FieldOffset(0x70)]
    public long ModificationSeconds;

    /// <summary>The nanoseconds of that second.</summary>
    [FieldOffset(0x78)]
    public uint ModificationNanoseconds;

    /// <summary>Of a device: its major number.</summary>
    [FieldOffset(0x80)]
    public uint SpecialMajor;

    /// <summary>Of a device: its minor number.</summary>
    [FieldOffset(0x84)]
    public uint SpecialMinor;

    /// <summary>The major number of the device that has the file.</summary>
    [FieldOffset(0x88)]
    public uint DeviceMajor;

    /// <summary>The minor number of the device; with it and the inode, a file is known.</summary>
    [FieldOffset(0x8C)]
    public uint DeviceMinor;

    /// <summary>The mount that it was found in. Linux 5.8.</summary>
    [FieldOffset(0x90)]
    public ulong MountId;

    /// <summary>
    /// What the address of a buffer is to be a multiple of for reads and writes with O_DIRECT, in bytes; 0:
    /// the file has none, or the kernel does not tell (Linux 6.1; then the page size is safe).
    /// </summary>
    [FieldOffset(0x98)]
    public uint DirectMemoryAlignment;

    /// <summary>The same for offsets and lengths.</summary>
    [FieldOffset(0x9C)]
    public uint DirectOffsetAlignment;

    /// <summary>The subvolume that it is in. Linux 6.10.</summary>
    [FieldOffset(0xA0)]
    public ulong Subvolume;

    /// <summary>The smallest write that is whole or not at all after a crash, in bytes. Linux 6.11.</summary>
    [FieldOffset(0xA8)]
    public uint AtomicWriteMin;

    /// <summary>The largest such write in bytes; 0: there are none.</summary>
    [FieldOffset(0xAC)]
    public uint AtomicWriteMax;

    /// <summary>The most pieces of memory of such a write.</summary>
    [FieldOffset(0xB0)]
    public uint AtomicWriteSegments;

    /// <summary>
    /// What offsets and lengths of reads with O_DIRECT are to be multiples of, where that is less than
    /// <see cref="DirectOffsetAlignment"/>. Linux 6.15.
    /// </summary>
    [FieldOffset(0xB4)]
    public uint DirectReadOffsetAlignment;

    /// <summary>When it was read last; to 100 ns, as all times of .NET.</summary>
    public readonly DateTimeOffset AccessTime => At(AccessSeconds, AccessNanoseconds);

    /// <summary>When it was made.</summary>
    public readonly DateTimeOffset BirthTime => At(BirthSeconds, BirthNanoseconds);

    /// <summary>When its status changed last.</summary>
    public readonly DateTimeOffset ChangeTime => At(ChangeSeconds, ChangeNanoseconds);

    /// <summary>When it was written last.</summary>
    public readonly DateTimeOffset ModificationTime => At(ModificationSeconds, ModificationNanoseconds);

    private static DateTimeOffset At(long seconds, uint nanoseconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
