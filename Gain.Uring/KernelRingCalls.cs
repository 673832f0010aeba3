using Gain.Kernel;

namespace Gain.Uring;

/// <summary>The calls of the kernel that the process runs on.</summary>
internal sealed unsafe class KernelRingCalls : IRingCalls
{
    internal static readonly KernelRingCalls Instance = new();

    private KernelRingCalls()
    {
    }

    public int Setup(uint entries, io_uring_params* parameters) => RingLibc.IoUringSetup(entries, parameters);

    public int Register(int ring, uint operation, void* argument, uint count) =>
        RingLibc.IoUringRegister(ring, operation, argument, count);

    // SAFETY: the mapping is the caller's until it unmaps it.
    public int Map(int ring, nuint bytes, ulong offset, out void* address) => RingLibc.MMap(
        bytes, RingLibc.PROT_READ | RingLibc.PROT_WRITE,
        RingLibc.MAP_SHARED | RingLibc.MAP_POPULATE, ring, offset,
        out address);

    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);
}
