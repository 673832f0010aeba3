using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>What <see cref="SubmissionEntry.PrepStatx"/> tells of a file: the <c>struct statx</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
public struct FileStatus
{
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

    /// <summary>When it was read last, in seconds since 1970.</summary>
    [FieldOffset(0x40)]
    public long AccessSeconds;

    /// <summary>When it was made, in seconds since 1970.</summary>
    [FieldOffset(0x50)]
    public long BirthSeconds;

    /// <summary>When its status changed last, in seconds since 1970.</summary>
    [FieldOffset(0x60)]
    public long ChangeSeconds;

    /// <summary>When it was written last, in seconds since 1970.</summary>
    [FieldOffset(0x70)]
    public long ModificationSeconds;

    /// <summary>The major number of the device that has the file.</summary>
    [FieldOffset(0x88)]
    public uint DeviceMajor;

    /// <summary>The minor number of the device; with it and the inode, a file is known.</summary>
    [FieldOffset(0x8C)]
    public uint DeviceMinor;
}
