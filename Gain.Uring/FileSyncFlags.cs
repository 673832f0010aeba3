using Gain.Kernel;

namespace Gain.Uring;

/// <summary>What an fsync writes (<c>IORING_FSYNC_*</c>).</summary>
[Flags]
public enum FileSyncFlags : uint
{
    /// <summary>The data and what is known of the file, as fsync(2).</summary>
    None = 0,

    /// <summary>The data, and of the rest what is needed to read it, as fdatasync(2).</summary>
    DataOnly = IORING_FSYNC.IORING_FSYNC_DATASYNC,
}
