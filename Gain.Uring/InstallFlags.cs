using Gain.Kernel;

namespace Gain.Uring;

/// <summary>How a registered file becomes a descriptor (<c>IORING_FIXED_FD_*</c>).</summary>
[Flags]
public enum InstallFlags : uint
{
    /// <summary>It is closed in programs that the process becomes (O_CLOEXEC).</summary>
    None = 0,

    /// <summary>It stays open over execve(2).</summary>
    KeepOnExec = IORING_FIXED_FD.IORING_FIXED_FD_NO_CLOEXEC,
}
