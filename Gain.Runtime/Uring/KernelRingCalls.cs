using Gain.Kernel;

namespace Gain.Uring;

/// <summary>The calls of the kernel that the process runs on.</summary>
internal sealed unsafe class KernelRingCalls : IRingCalls
{
    internal static readonly KernelRingCalls Instance = new();

    private KernelRingCalls()
    {
    }

    public int Setup(uint entries, io_uring_params* parameters) => Libc.IoUringSetup(entries, parameters);

    public int Register(int ring, uint operation, void* argument, uint count) =>
        Libc.IoUringRegister(ring, operation, argument, count);

    // SAFETY: the mapping is the caller's until it unmaps it.
    public int Map(int ring, nuint bytes, ulong offset, out void* address) => Libc.MMap(
        bytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_POPULATE, ring, offset,
        out address);

    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);
}
