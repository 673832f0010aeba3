using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>One piece of memory of a gathering or scattering operation, see readv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct iovec
{
    public void* iov_base;
    public nuint iov_len;
}
