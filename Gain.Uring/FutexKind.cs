namespace Gain.Uring;

/// <summary>The size of a futex and who uses it (<c>FUTEX2_*</c>, futex_wait(2)).</summary>
[Flags]
public enum FutexKind : uint
{
    /// <summary>32 bits, the one size that kernels have so far; other processes may share it.</summary>
    Shared = 2,

    /// <summary>32 bits, of this process alone, which is faster.</summary>
    Private = 2 | 128,
}
