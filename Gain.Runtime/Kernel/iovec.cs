using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>One piece of memory of a gathering or scattering operation, see readv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct iovec
{
    // SAFETY: the caller's memory, lent until the call returns or the operation has completed.
    public void* iov_base;
    public nuint iov_len;
}
