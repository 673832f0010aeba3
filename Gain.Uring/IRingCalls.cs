using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// What a ring asks of the kernel when it is made and when something is registered, so that tests can play
/// other kernels. Not on the hot path: <c>io_uring_enter</c> is called directly.
/// </summary>
internal unsafe interface IRingCalls
{
    /// <summary>io_uring_setup(2): a descriptor, or the negated errno.</summary>
    int Setup(uint entries, io_uring_params* parameters);

    /// <summary>io_uring_register(2): its result, or the negated errno.</summary>
    int Register(int ring, uint operation, void* argument, uint count);

    /// <summary>mmap(2) of a ring, to read and write: 0, or the negated errno.</summary>
    int Map(int ring, nuint bytes, ulong offset, out void* address);

    /// <summary>Lets time pass before another attempt.</summary>
    void Wait(int milliseconds);
}
