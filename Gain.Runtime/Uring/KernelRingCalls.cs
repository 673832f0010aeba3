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

    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);
}
